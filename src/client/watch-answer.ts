/** What etcd answers to a watch, message by message (etcd API reference "WatchResponse"), checked against the range that is watched. */
import { fromAnswer } from './answers.js';
import { decodeBytes, decodeKey, type KeyValue, type Revision } from './codec.js';
import { fieldsOf, flagOf, int64Of, listOf, textOf, wrong, type Fields } from './decoders.js';
import { EtcdError } from './errors.js';
import { isBefore } from './range.js';
import type { KeyRange } from './roles.js';

/**
 * One change of one key. For a delete, `kv` has the key and, as `modRevision`, the revision of the delete. Its value is empty, and its
 * other numbers are '0'.
 */
export interface WatchEvent {
  type: 'put' | 'delete';
  kv: KeyValue;
  /** The key as it was before, if that was asked for, there was one, and its revision is not compacted. */
  prevKv?: KeyValue;
}

export interface WatchMessage {
  /** How far the member was; '0' if it does not say so. */
  revision: Revision;
  /** The watch is there. */
  created: boolean;
  /** In etcd's order. If `fragment` is true, the last revision may go on in the next message. */
  events: WatchEvent[];
  fragment: boolean;
  /** The watch is over, because this is the first revision that etcd still has. */
  compacted?: Revision;
  /** Why the watch is over, for any other reason. */
  refusal?: EtcdError;
}

const NOTHING = Buffer.alloc(0);

/** @throws EtcdError unsupported */
export function decodeWatch(raw: Fields, range: KeyRange, endpoint: string): WatchMessage {
  const compacted = int64Of(raw['compact_revision'], 'compact_revision');
  const isOver = flagOf(raw['canceled'], 'canceled');
  return {
    // If the start was compacted, the header has no revision.
    revision: int64Of(fieldsOf(raw['header'], 'header')['revision'], 'revision'),
    created: flagOf(raw['created'], 'created'),
    events: listOf(raw['events'], 'events')
      .map(decodeEvent)
      // Some versions send keys that were not asked for: GHSA-xg4h-6gfc-h4m8.
      .filter(({ kv }) => (range.rangeEnd === undefined ? kv.key === range.key : kv.key >= range.key && isBefore(kv.key, range.rangeEnd))),
    fragment: flagOf(raw['fragment'], 'fragment'),
    ...(isOver && compacted !== '0' && { compacted }),
    ...(isOver && compacted === '0' && { refusal: refusalOf(textOf(raw['cancel_reason'], 'cancel_reason'), endpoint) }),
  };
}

/** The codes of gRPC as its Go library writes them. */
const CODES: Readonly<Record<string, number>> = {
  Canceled: 1,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  Unavailable: 14,
  Unauthenticated: 16,
};

/** @param reason `rpc error: code = PermissionDenied desc = etcdserver: permission denied`, or the part after `desc = ` alone */
function refusalOf(reason: string, endpoint: string): EtcdError {
  const [, name = '', message = reason] = /^rpc error: code = (\w+) desc = (.*)$/s.exec(reason) ?? [];
  const code = CODES[name] ?? (/permission denied/.test(message) ? 7 : undefined);
  if (code === undefined) {
    const why = message === '' ? 'the server has ended the watch' : `the server has ended the watch: ${message}`;
    return new EtcdError('unavailable', why, { retryable: true, endpoint });
  }
  return fromAnswer(200, JSON.stringify({ code, message }), endpoint);
}

function decodeEvent(raw: unknown): WatchEvent {
  const { type, kv, prev_kv } = fieldsOf(raw, 'event');
  // PUT is 0, so the gateway leaves it out.
  const name = textOf(type, 'type') || 'PUT';
  if (name !== 'PUT' && name !== 'DELETE') throw wrong('has an event of an unknown type');
  return {
    type: name === 'PUT' ? 'put' : 'delete',
    kv: decodeKv(kv),
    ...(prev_kv !== undefined && { prevKv: decodeKv(prev_kv) }),
  };
}

function decodeKv(raw: unknown): KeyValue {
  const { key, value, lease, version, create_revision, mod_revision } = fieldsOf(raw, 'key');
  const modRevision = int64Of(mod_revision, 'mod_revision');
  if (BigInt(modRevision) <= 0n) throw wrong('has an event without a revision');
  return {
    key: decodeKey(key),
    value: value === undefined ? NOTHING : decodeBytes(value),
    createRevision: int64Of(create_revision, 'create_revision'),
    modRevision,
    version: int64Of(version, 'version'),
    lease: int64Of(lease, 'lease'),
  };
}
