/** The floor: the fewest requests for the same work, sent by undici alone, in this warm process and in bare ones. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

/** The bare processes find undici from here. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Request {
  path: string;
  body: string;
}

/** The keys with that beginning, at most `limit`. */
function rangeOf(beginning: string, limit: number): Request {
  const end = beginning.slice(0, -1) + String.fromCharCode(beginning.charCodeAt(beginning.length - 1) + 1);
  const body = { key: base64(beginning), range_end: base64(end), limit: String(limit), keys_only: true };
  return { path: '/v3/kv/range', body: JSON.stringify(body) };
}

interface Answer {
  header: { revision: string };
  succeeded?: boolean;
  kvs?: { mod_revision: string }[];
}

/** undici in this process, with a connection that stays. Each function gives the ms that its request took. */
export interface Floor {
  list(beginning: string, limit?: number): Promise<number>;
  read(key: string): Promise<number>;
  /** A put of its own key, which nobody else has changed. */
  write(value: string): Promise<number>;
  close(): Promise<void>;
}

/** @param key exists, and only the floor uses it */
export async function openFloor(endpoint: string, key: string): Promise<Floor> {
  const pool = new Pool(`http://${endpoint}`, { connections: 1, keepAliveTimeout: 60_000 });

  async function send({ path, body }: Request): Promise<{ ms: number; answer: Answer }> {
    const began = performance.now();
    const answer = await pool.request({ path, method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const parsed = JSON.parse(await answer.body.text()) as Answer;
    return { ms: performance.now() - began, answer: parsed };
  }
  const read = (of: string): ReturnType<typeof send> => send({ path: '/v3/kv/range', body: JSON.stringify({ key: base64(of) }) });

  let revision = (await read(key)).answer.kvs?.[0]?.mod_revision;
  return {
    list: async (beginning, limit = 1000) => (await send(rangeOf(beginning, limit))).ms,
    read: async (of) => (await read(of)).ms,
    async write(value) {
      const body = {
        compare: [{ key: base64(key), target: 'MOD', result: 'EQUAL', mod_revision: revision }],
        success: [{ request_put: { key: base64(key), value: base64(value), ignore_lease: true } }],
        failure: [{ request_range: { key: base64(key) } }],
      };
      const { ms, answer } = await send({ path: '/v3/kv/txn', body: JSON.stringify(body) });
      if (!answer.succeeded) throw new Error('the floor met a conflict');
      revision = answer.header.revision;
      return ms;
    },
    close: () => pool.close(),
  };
}

/** The programs of bare processes: undici lists a prefix; Node's own client does, which needs no loading; nothing. */
const PROGRAMS = {
  undici: (url: string, body: string) => `
    require('undici').request(${url}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${body} })
      .then((answer) => answer.body.text())
      .then((text) => process.exit(JSON.parse(text).kvs.length === 0 ? 1 : 0));`,
  http: (url: string, body: string) => `
    const request = require('node:http').request(${url}, { method: 'POST' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => process.exit(JSON.parse(text).kvs.length === 0 ? 1 : 0));
    });
    request.end(${body});`,
  nothing: () => '0',
};

/** @returns ms of a bare process from its start to its end */
export async function bareNode(program: keyof typeof PROGRAMS, endpoint: string, prefix: string): Promise<number> {
  const { path, body } = rangeOf(prefix, 1000);
  const source = PROGRAMS[program](JSON.stringify(`http://${endpoint}${path}`), JSON.stringify(body));
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', source], { cwd: ROOT, env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`a bare Node process ended with status ${String(status)}`);
  return performance.now() - began;
}
