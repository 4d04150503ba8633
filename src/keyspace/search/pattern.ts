/** What is searched for. */
import { EtcdError } from '../../client/index.js';
import { globSource } from '../glob.js';

export type Pattern =
  /** Its bytes in UTF-8, anywhere. */
  | { kind: 'text'; text: string | Buffer }
  /** A regular expression of JavaScript. */
  | { kind: 'regexp'; source: string; flags: string }
  /**
   * The end of a name, after a slash; the whole name if the glob begins with one. A glob that begins with "./", as in an address, is for
   * the whole of a name that does not begin with a slash. `*` and `?` are within a segment, `**` is anything.
   */
  | { kind: 'glob'; glob: string };

/**
 * The expression that a worker runs; undefined for text, which needs none.
 * @throws EtcdError invalid_value if it is not valid
 */
export function regexpOf(pattern: Pattern): RegExp | undefined {
  if (pattern.kind === 'text') return undefined;
  if (pattern.kind === 'glob') return new RegExp(sourceOf(pattern.glob), 'su');
  try {
    // These flags remember the last match, and a search does not.
    return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EtcdError('invalid_value', why, { cause });
  }
}

function sourceOf(glob: string): string {
  const whole = glob.replace(/^\.\//, '');
  return `${glob.startsWith('/') || whole !== glob ? '^' : '(?:^|/)'}${globSource(whole)}$`;
}
