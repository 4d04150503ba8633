// The requests that the measured commands cannot do without: what the floor sends, and nothing more.

const encode = (text) => Buffer.from(text).toString('base64');

/** One level of keys below `prefix`, which ends in '/'. */
export function rangeOfPrefix(prefix) {
  const end = `${prefix.slice(0, -1)}0`;
  return { path: '/v3/kv/range', body: JSON.stringify({ key: encode(prefix), range_end: encode(end), limit: '1000', keys_only: true }) };
}

/** The keys that begin so, `limit` at the most. */
export function rangeOfBeginning(text, limit) {
  const end = `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`;
  return {
    path: '/v3/kv/range',
    body: JSON.stringify({ key: encode(text), range_end: encode(end), limit: String(limit), keys_only: true }),
  };
}

/** One value. */
export function rangeOfKey(key) {
  return { path: '/v3/kv/range', body: JSON.stringify({ key: encode(key) }) };
}

/** A put, if `key` is still at `revision`. */
export function compareAndPut(key, value, revision) {
  const body = {
    compare: [{ key: encode(key), target: 'MOD', result: 'EQUAL', mod_revision: revision }],
    success: [{ request_put: { key: encode(key), value: encode(value), ignore_lease: true } }],
    failure: [{ request_range: { key: encode(key) } }],
  };
  return { path: '/v3/kv/txn', body: JSON.stringify(body) };
}

/** A plain put, for the sample keys. */
export async function put(origin, key, value) {
  const answer = await fetch(`${origin}/v3/kv/put`, { method: 'POST', body: JSON.stringify({ key: encode(key), value: encode(value) }) });
  if (!answer.ok) throw new Error(`put ${key}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
