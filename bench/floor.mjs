// The floor: the same requests by undici alone, in this warm process and in bare ones.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { compareAndPut, rangeOfBeginning, rangeOfKey, rangeOfPrefix } from './requests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * undici in this process, with a connection that stays.
 * @param {string} origin of etcd
 */
export async function openFloor(origin) {
  const pool = new Pool(origin, { connections: 1, keepAliveTimeout: 60_000 });

  async function send({ path, body }) {
    const answer = await pool.request({ path, method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return JSON.parse(await answer.body.text());
  }

  /** @returns {Promise<number>} ms */
  async function time(request) {
    const began = performance.now();
    await send(request);
    return performance.now() - began;
  }

  let revision = (await send(rangeOfKey('/bench/floor'))).kvs[0].mod_revision;
  return {
    list: (prefix) => time(rangeOfPrefix(prefix)),
    begins: (text, limit) => time(rangeOfBeginning(text, limit)),
    read: (key) => time(rangeOfKey(key)),
    async write(value) {
      const request = compareAndPut('/bench/floor', value, revision);
      const began = performance.now();
      const answer = await send(request);
      const ms = performance.now() - began;
      if (!answer.succeeded) throw new Error('the floor met a conflict');
      revision = answer.header.revision;
      return ms;
    },
    close: () => pool.close(),
  };
}

/** The same with Node's own client: what a process can do that loads nothing. */
const ownClient = (origin, { path, body }) => `
  const request = require('node:http').request(${JSON.stringify(origin + path)}, { method: 'POST' }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    answer.on('end', () => process.exit(JSON.parse(text).kvs.length === 0 ? 1 : 0));
  });
  request.end(${JSON.stringify(body)});`;

/** What a bare process runs: loads undici, lists one prefix, parses, says how long its first request took, and ends. */
const program = (origin, { path, body }) => `
  const { request } = require('undici');
  const began = performance.now();
  request(${JSON.stringify(origin + path)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} })
    .then((answer) => answer.body.text())
    .then((text) => {
      if (JSON.parse(text).kvs.length === 0) process.exit(1);
      process.stdout.write(String(performance.now() - began));
    })
    .then(() => process.exit(0));`;

/**
 * A bare process from its start to its end.
 * @param {string} origin of etcd
 * @param {string} prefix
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{wall: number, request: number}>} ms of the process, and of its first request alone
 */
export async function bareList(origin, prefix, env) {
  const { wall, output } = await node(program(origin, rangeOfPrefix(prefix)), env);
  return { wall, request: Number(output) };
}

/** A bare process that lists by node:http, from its start to its end, in ms. */
export async function bareOwnList(origin, prefix, env) {
  return (await node(ownClient(origin, rangeOfPrefix(prefix)), env)).wall;
}

/** `node -e 0` @param {NodeJS.ProcessEnv} env @returns {Promise<number>} ms */
export async function bareNode(env) {
  return (await node('0', env)).wall;
}

async function node(source, env) {
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', source], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [status] = await once(child, 'exit');
  const wall = performance.now() - began;
  if (status !== 0) throw new Error(`a bare Node process ended with status ${status}`);
  if (!child.stdout.readableEnded) await once(child.stdout, 'end');
  return { wall, output };
}
