/** A second client to look into etcd: plain HTTP, none of our code. */
import { Agent, fetch } from 'undici';

export interface Inspector {
  /** POST to the gateway as it is; the answer as it is. */
  post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }>;
  /** @returns the mod_revision */
  put(key: string | Buffer, value: string | Buffer, lease?: string): Promise<string>;
  get(key: string | Buffer): Promise<Stored | undefined>;
  delete(key: string): Promise<void>;
  grantLease(ttl: number): Promise<string>;
  /** Every put that the key ever saw, oldest first, up to the one that it holds now. The key must exist. */
  history(key: string): Promise<Put[]>;
}

export interface Stored {
  value: Buffer;
  modRevision: string;
  createRevision: string;
  version: string;
  lease: string;
}

export interface Put {
  value: string;
  modRevision: string;
}

export interface InspectorOptions {
  /** PEM, for https. */
  tls?: { ca: string; cert?: string; key?: string };
  /** From `/v3/auth/authenticate`. */
  token?: () => string | undefined;
  /** ms after which a request fails. */
  patience?: number;
}

interface RawEvent {
  type?: string;
  kv: { value?: string; mod_revision: string };
}

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');

/** @param url `http://host:port` or `https://host:port` */
export function inspector(url: string, options: InspectorOptions = {}): Inspector {
  const dispatcher = options.tls && new Agent({ connect: options.tls });

  function send(path: string, body: object): ReturnType<typeof fetch> {
    const token = options.token?.();
    return fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.patience ?? 30_000),
      ...(token !== undefined && { headers: { authorization: token } }),
      ...(dispatcher && { dispatcher }),
    });
  }
  async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await send(path, body);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  async function get(key: string | Buffer): Promise<Stored | undefined> {
    const { body } = await post('/v3/kv/range', { key: base64(key) });
    const kv = (body['kvs'] as Record<string, string>[] | undefined)?.[0];
    return (
      kv && {
        value: Buffer.from(kv['value'] ?? '', 'base64'),
        modRevision: kv['mod_revision'] ?? '',
        createRevision: kv['create_revision'] ?? '',
        version: kv['version'] ?? '',
        lease: kv['lease'] ?? '0',
      }
    );
  }

  return {
    post,
    get,
    async put(key, value, lease) {
      const { body } = await post('/v3/kv/put', { key: base64(key), value: base64(value), ...(lease && { lease }) });
      return (body['header'] as { revision: string }).revision;
    },
    async delete(key) {
      await post('/v3/kv/deleterange', { key: base64(key) });
    },
    async grantLease(ttl) {
      const { body } = await post('/v3/lease/grant', { TTL: String(ttl) });
      return body['ID'] as string;
    },
    async history(key) {
      const last = (await get(key))?.modRevision;
      if (last === undefined) throw new Error(`${key} does not exist`);
      const answer = await send('/v3/watch', { create_request: { key: base64(key), start_revision: '1' } });
      const puts: Put[] = [];
      let rest = '';
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) puts.push(...putsOf(line));
        if (puts.at(-1)?.modRevision === last) break;
      }
      return puts;
    },
  };
}

/** @param line one message of a watch */
function putsOf(line: string): Put[] {
  const { result } = JSON.parse(line) as { result?: { events?: RawEvent[] } };
  const events = (result?.events ?? []).filter(({ type }) => type !== 'DELETE');
  return events.map(({ kv }) => ({ value: Buffer.from(kv.value ?? '', 'base64').toString(), modRevision: kv.mod_revision }));
}
