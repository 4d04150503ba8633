/**
 * Which bytes names are made of. The names that are known teach which bytes may follow the beginning of another name. This only
 * helps to choose cuts: a name that it does not foresee is found as well.
 */
import type { Key } from '../../client/index.js';

export interface Alphabet {
  learn(name: Key): void;
  /** So far all names come from one end of the level. What is learned later is trusted more. */
  learnedOneEnd(): void;
  /** Bytes that may follow this beginning of a name, ascending. */
  following(beginning: Key): readonly number[];
  /** Bytes that names usually hold, ascending, whatever was learned. */
  readonly usual: readonly number[];
}

const bytesOf = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));
const LETTERS = bytesOf('abcdefghijklmnopqrstuvwxyz');
const CAPITALS = bytesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const DIGITS = bytesOf('0123456789');
const OTHERS = Array.from({ length: 16 }, (_, i) => 0x80 + 8 * i);
const FAMILIES = [DIGITS, LETTERS, CAPITALS, OTHERS];
const USUAL = [...new Set([...bytesOf('-._'), ...FAMILIES.flat()])].sort((a, b) => a - b);
const SLASH = 0x2f;

/** Bytes of context. More context did not help. */
const CONTEXT = 2;
/** A context is believed if it was met this often, times the number of different bytes that followed it. */
const TIMES = 4;
/** With fewer names than this, one letter stands for all letters. */
const FEW = 40;
/** After this many names every 16th name is enough. Of each name this many bytes are used. */
const ENOUGH = 300;
const LONGEST = 120;

interface Seen {
  times: number;
  bytes: Set<number>;
}

/** An alphabet that knows no name yet. */
export function learnAlphabet(): Alphabet {
  const contexts = new Map<string, Seen>();
  const following = new Map<string, readonly number[]>();
  let names = 0;
  let atOneEnd = 0;

  function meet(context: string, byte: number): void {
    let seen = contexts.get(context);
    if (!seen) contexts.set(context, (seen = { times: 0, bytes: new Set() }));
    seen.times++;
    if (seen.bytes.has(byte)) return;
    seen.bytes.add(byte);
    following.delete(context);
  }

  return {
    learn(name) {
      if (++names > ENOUGH && names % 16 !== 0) return;
      if (names === atOneEnd + FEW) following.clear();
      for (let i = 0; i < Math.min(name.length, LONGEST); i++) {
        for (let length = 0; length <= Math.min(CONTEXT, i); length++) meet(name.slice(i - length, i), name.charCodeAt(i));
      }
    },
    learnedOneEnd() {
      atOneEnd = names;
    },
    following(beginning) {
      for (let length = Math.min(CONTEXT, beginning.length); length >= 0; length--) {
        const context = beginning.slice(beginning.length - length);
        const seen = contexts.get(context);
        if (!seen || (length > 0 && seen.times < TIMES * seen.bytes.size)) continue;
        const known = following.get(context);
        if (known) return known;
        const bytes = withFamilies(seen.bytes, length === 0 || names < atOneEnd + FEW ? FAMILIES : [DIGITS]);
        following.set(context, bytes);
        return bytes;
      }
      return USUAL;
    },
    usual: USUAL,
  };
}

/** If one byte of a family was seen, the others may follow. */
function withFamilies(bytes: ReadonlySet<number>, families: readonly (readonly number[])[]): readonly number[] {
  const all = new Set(bytes);
  for (const family of families) {
    const [first, last] = [family[0] as number, family.at(-1) as number];
    if ([...bytes].some((byte) => byte >= first && byte <= last)) for (const byte of family) all.add(byte);
  }
  all.delete(SLASH);
  return [...all].sort((a, b) => a - b);
}
