/** How often each row is tried: in full by `npm run test:fault`, cut by `.ci/run`. Each count is for one server, or for one editor. */
export const trials = {
  /** Seconds, not trials. */
  'cas-soak': { full: 60, cut: 6 },
  'late-put': { full: 40, cut: 4 },
  'abort-put': { full: 200, cut: 40 },
  'plan-race': { full: 300, cut: 8 },
  'plan-cut': { full: 300, cut: 8 },
  'plan-killed': { full: 30, cut: 3 },
  'undo-race': { full: 300, cut: 8 },
  'cross-cluster': { full: 300, cut: 6 },
  'leader-kill': { full: 10, cut: 1 },
  'leader-stop': { full: 10, cut: 1 },
  'follower-stop': { full: 10, cut: 2 },
  'quorum-loss': { full: 5, cut: 1 },
  'not-ready': { full: 5, cut: 1 },
  'cluster-swapped': { full: 5, cut: 2 },
  limits: { full: 1, cut: 1 },
  'node-killed': { full: 30, cut: 3 },
  'editor-killed': { full: 30, cut: 2 },
  'two-editors': { full: 100, cut: 15 },
  'keys-answered': { full: 5, cut: 1 },
  'fake-server': { full: 2, cut: 1 },
  /** Frames, not trials. */
  'frames to Node': { full: 10_000, cut: 2_000 },
  'frames to the editor': { full: 10_000, cut: 1_000 },
  'watch-cut': { full: 180, cut: 12 },
  'watch-compacted': { full: 100, cut: 5 },
  'watch-auth': { full: 28, cut: 7 },
  'watch-restored': { full: 15, cut: 3 },
  'live-editors': { full: 50, cut: 5 },
  'lease-kept': { full: 70, cut: 7 },
  'lock-held': { full: 65, cut: 13 },
  'election-led': { full: 35, cut: 7 },
  'token-expiry': { full: 10, cut: 1 },
  'token-foreign': { full: 5, cut: 1 },
  perm: { full: 1, cut: 1 },
  'tls-matrix': { full: 1, cut: 1 },
  leak: { full: 1, cut: 1 },
  /** Seconds, not trials. */
  'editor-soak': { full: 200, cut: 20 },
} as const;

export type Row = keyof typeof trials;

/** Whether everything is tried as often as the table says. Without $ETCD_VIM_FAULTS=full it is only a part. */
export const isFull = process.env['ETCD_VIM_FAULTS'] === 'full';

/** ms that one test may take: its share of a run that must end. */
const LONG = isFull ? 560_000 : 120_000;

/**
 * A violation stays one, whatever comes after it (ledger.ts). But something else may have ended a test, such as a server that did not start
 * in time on a busy machine. In the cut, such a test is tried once more, and named in the report. The same is true of what was only late.
 */
export const bounds = { timeout: LONG, retry: isFull ? 0 : 1 };
