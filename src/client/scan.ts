/**
 * Finds the keys of an answer of `/v3/kv/range` in its bytes as they arrive. The answer may have any size: a million keys are 100 MB of
 * JSON. JSON.parse would hold all of that in memory, and everything else would wait for it.
 */
import { decodeKey, type Header, type Key } from './codec.js';
import { notEtcd } from './errors.js';

export interface ScanAnswer {
  header: Header;
  /** Keys in the whole range, whatever the limit was. */
  count: number;
  more: boolean;
}

export interface Scanner {
  /**
   * The next bytes of the answer, cut anywhere.
   * @throws EtcdError unsupported if etcd would not send so much
   */
  push(chunk: Buffer): void;
  /** @throws EtcdError unsupported if that was not a whole answer of etcd */
  end(): ScanAnswer;
}

/** What each key-value pair begins with. */
export const FIELD = Buffer.from('"key"');
const QUOTE = 0x22;
/** Outside of keys we look for nothing longer: the header, a field's name, the fields after the last key. */
export const MOST_KEPT = 1024;
/** Bytes from a key's field to the end of its value. etcd takes no request of that size, so there is no such key. */
const MOST_OF_A_KEY = 4 * 1024 * 1024;

/**
 * @param onKey called for every key in order; whatever it throws ends the scan
 * @param most keys that were asked for. A server that never ends would fill the memory of whoever collects them
 * @param endpoint for messages
 * @param onHeader called before the first key; whatever it throws ends the scan
 */
export function openScanner(
  onKey: (key: Key) => void,
  most: number,
  endpoint: string,
  onHeader: (header: Header) => void = () => undefined,
): Scanner {
  const frame = openFrame(most, endpoint, onHeader);
  let kept: Buffer = Buffer.alloc(0);

  /** @returns where the bytes begin that the next chunk may continue */
  function scan(bytes: Buffer): number {
    let done = 0;
    for (;;) {
      const field = bytes.indexOf(FIELD, done);
      if (field < 0) return Math.max(done, bytes.length - MOST_KEPT);
      frame.begin(bytes, field);
      // Between the name and its value there are a colon and, from etcd 3.6 on, spaces.
      const open = bytes.indexOf(QUOTE, field + FIELD.length);
      const close = open < 0 ? -1 : bytes.indexOf(QUOTE, open + 1);
      if ((close < 0 ? bytes.length : close) - field > MOST_OF_A_KEY) throw notEtcd('a key in the answer is too long', endpoint);
      if (close < 0) return field;
      frame.counted();
      onKey(decodeKey(bytes.toString('latin1', open + 1, close)));
      done = close + 1;
    }
  }

  return {
    push(chunk) {
      const bytes = kept.length > 0 ? Buffer.concat([kept, chunk]) : chunk;
      kept = bytes.subarray(scan(bytes));
    },
    end: () => frame.end(kept.toString('latin1')),
  };
}

/** What stands around the key-value pairs of an answer. */
export interface Frame {
  /** The first pair is at `field` in `bytes`. The bytes before it say which cluster answers. */
  begin(bytes: Buffer, field: number): void;
  /** One more pair was found. @throws EtcdError unsupported if it was not asked for */
  counted(): void;
  /** @param tail what comes after the last pair */
  end(tail: string): ScanAnswer;
}

/** As openScanner() takes them. */
export function openFrame(most: number, endpoint: string, onHeader: (header: Header) => void): Frame {
  let header: Header | undefined;
  let found = 0;

  function begin(head: string): Header {
    const clusterId = find(/"cluster_id":\s*"(\d+)"/, head);
    const revision = find(/"revision":\s*"(\d+)"/, head);
    if (clusterId === undefined || revision === undefined) throw notEtcd('the answer has no header', endpoint);
    header = { clusterId, revision };
    onHeader(header);
    return header;
  }

  return {
    begin(bytes, field) {
      if (!header) begin(bytes.toString('latin1', 0, field));
    },
    counted() {
      if (++found > most) throw notEtcd('the answer has more keys than were asked for', endpoint);
    },
    end(tail) {
      const known = header ?? begin(tail);
      const count = Number(find(/"count":\s*"?(\d+)/, tail) ?? 0);
      if (!tail.trimEnd().endsWith('}') || count < found) throw notEtcd('the answer is not a whole range', endpoint);
      return { header: known, count, more: /"more":\s*true/.test(tail) };
    },
  };
}

function find(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[1];
}
