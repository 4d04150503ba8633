/** Many ranges in few requests, with their values as long as these are few bytes. etcd cannot tell a size without sending the value. */
import { isEtcdError, type CallOptions, type Client, type Header, type RangeRequest, type WholeRange } from '../../client/index.js';
import { chunks } from '../chunks.js';

/** Operations in one txn: the `--max-txn-ops` of a server with default settings. */
const MOST_RANGES = 128;
/**
 * The most bytes of one answer on the wire. A larger answer is given up, and its parts are asked for. The server has to build each
 * answer in full.
 */
const MOST_BYTES = 2 * 1024 * 1024;
const PARTS = 8;
/** The same for one call of lookAt(), all answers together. After that, ranges come without their values. */
const MOST_OF_ALL = 6 * 1024 * 1024;
/** Bytes of base64 for each byte of a value. */
const ON_THE_WIRE = 4 / 3;

/** A range, and whether it has its values. */
export type Looked = WholeRange & { valued: boolean };

export interface Looking {
  /** The header of the last answer. */
  header: Header;
  ranges: Looked[];
  stale: boolean;
}

/**
 * @param requests any number of them; one with `keysOnly` or `countOnly` never has values
 * @param values whether the values are wanted
 * @throws EtcdError as Client.range()
 */
export async function lookAt(client: Client, requests: readonly RangeRequest[], values: boolean, options: CallOptions): Promise<Looking> {
  const allowance = { left: values ? MOST_OF_ALL : 0 };
  const looked: Looking[] = [];
  for (const chunk of chunks(requests, MOST_RANGES)) looked.push(await ask(client, chunk, allowance, options));
  return join(looked);
}

async function ask(
  client: Client,
  requests: readonly RangeRequest[],
  allowance: { left: number },
  options: CallOptions,
  isPart = false,
): Promise<Looking> {
  if (allowance.left <= 0) return without(client, requests, options);
  const mostBytes = Math.min(MOST_BYTES, allowance.left);
  try {
    const { header, ranges, stale } = await client.rangeEach(requests, { ...options, mostBytes });
    for (const { value } of ranges.flatMap(({ kvs }) => kvs)) allowance.left -= value.length * ON_THE_WIRE;
    return { header, stale, ranges: ranges.map((range, i) => ({ ...range, valued: !requests[i]?.keysOnly })) };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'too_large')) throw thrown;
    allowance.left -= mostBytes;
    const parts = isPart ? [] : chunks(requests, Math.ceil(requests.length / PARTS));
    if (parts.length < 2) return without(client, requests, options);
    const looked: Looking[] = [];
    for (const part of parts) looked.push(await ask(client, part, allowance, options, true));
    return join(looked);
  }
}

async function without(client: Client, requests: readonly RangeRequest[], options: CallOptions): Promise<Looking> {
  const { header, ranges, stale } = await client.rangeEach(
    requests.map((request) => ({ ...request, keysOnly: true })),
    options,
  );
  return { header, stale, ranges: ranges.map((range) => ({ ...range, valued: false })) };
}

function join(looked: readonly Looking[]): Looking {
  const { header } = looked.at(-1) as Looking;
  return { header, ranges: looked.flatMap(({ ranges }) => ranges), stale: looked.some(({ stale }) => stale) };
}
