/** Keys as lines of `?jsonl`, written part by part as they are read. A document of any size is made like this. */
import type { CallOptions, Client, Key } from '../../client/index.js';
import { streamEntries, type Source, type StreamRequest } from '../search/read.js';
import { encodeLine } from './jsonl.js';

/** A key that becomes a line. */
interface Line {
  key: Key;
  value: Buffer;
  /** '0' or absent if it has none. */
  lease?: string;
}

/** Takes the next keys. If it returns no promise, they are written already. */
export type WriteLines = (lines: readonly Line[]) => void | Promise<void>;

export interface LinesRequest {
  prefix: Key;
  /** Whether it is the present. Only then it is known what time a lease has left. */
  isNow: boolean;
}

/** Asks once for each lease how much time it has left. @param write gets the text */
export function linesTo(client: Client, { prefix, isNow }: LinesRequest, write: (part: string) => void, options: CallOptions): WriteLines {
  const ttls = new Map<string, number>();
  const lineOf = ({ key, value, lease = '0' }: Line): string => {
    const ttl = ttls.get(lease) ?? -1;
    return encodeLine({ key: key.slice(prefix.length), value, lease, ...(ttl >= 0 && { ttl }) });
  };
  const put = (lines: readonly Line[]): void => write(lines.map(lineOf).join(''));

  async function ask(leases: readonly string[]): Promise<void> {
    for (let at = 0; at < leases.length; at += 16) {
      const some = leases.slice(at, at + 16);
      const left = await Promise.all(some.map((lease) => client.leaseTtl(lease, options).catch(() => -1)));
      some.forEach((lease, index) => ttls.set(lease, left[index] ?? -1));
    }
  }

  return (lines) => {
    const leases = new Set<string>();
    if (isNow) for (const { lease = '0' } of lines) if (lease !== '0' && !ttls.has(lease)) leases.add(lease);
    if (leases.size > 0) return ask([...leases]).then(() => put(lines));
    put(lines);
  };
}

/** Streams all of a range, and keeps nothing of it. @throws EtcdError as streamEntries() */
export async function streamLines(
  client: Client,
  request: Omit<StreamRequest, 'keysOnly'>,
  write: WriteLines,
  options: CallOptions,
): Promise<{ source: Source; keys: number }> {
  let keys = 0;
  const take: WriteLines = (lines) => {
    keys += lines.length;
    return write(lines);
  };
  const source = await streamEntries(client, { ...request, keysOnly: false }, take, options);
  return { source, keys };
}
