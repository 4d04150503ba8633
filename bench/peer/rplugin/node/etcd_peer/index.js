// The peer's half in Node: the same requests as the floor, offered as synchronous remote functions (:h remote-plugin).
const { Pool } = require('undici');

const encode = (/** @type {string} */ text) => Buffer.from(text).toString('base64');
const decode = (/** @type {string | undefined} */ text) => Buffer.from(text ?? '', 'base64').toString();

/** @param {{ registerFunction(name: string, run: (args: string[]) => unknown, options: { sync: boolean }): void }} plugin */
module.exports = (plugin) => {
  const pool = new Pool(process.env['ETCD_PEER_ORIGIN'] ?? 'http://127.0.0.1:2379', { keepAliveTimeout: 60_000 });

  /** @param {string} path @param {object} body */
  async function post(path, body) {
    const answer = await pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return JSON.parse(await answer.body.text());
  }

  /** @param {string[]} args */
  async function list([prefix = '']) {
    const end = `${prefix.slice(0, -1)}0`;
    const { kvs } = await post('/v3/kv/range', { key: encode(prefix), range_end: encode(end), limit: '1000', keys_only: true });
    return kvs.map((/** @type {{ key: string }} */ { key }) => decode(key).slice(prefix.length));
  }

  /** @param {string[]} args */
  async function read([key = '']) {
    const { kvs } = await post('/v3/kv/range', { key: encode(key) });
    return [decode(kvs[0].value), kvs[0].mod_revision];
  }

  /** @param {string[]} args */
  async function write([key = '', value = '', revision]) {
    const { header, succeeded } = await post('/v3/kv/txn', {
      compare: [{ key: encode(key), target: 'MOD', result: 'EQUAL', mod_revision: revision }],
      success: [{ request_put: { key: encode(key), value: encode(value), ignore_lease: true } }],
    });
    if (!succeeded) throw new Error('conflict');
    return header.revision;
  }

  plugin.registerFunction('EtcdPeerList', list, { sync: true });
  plugin.registerFunction('EtcdPeerRead', read, { sync: true });
  plugin.registerFunction('EtcdPeerWrite', write, { sync: true });
};
