// The large trees that listings and completion are measured on.

export const SIZES = [100, 1000, 10_000, 100_000];
/** Of `/crowd/`: nearly as many keys as completion must bring into a menu without delay. */
export const CROWD = 199_000;
/** Operations that one txn of etcd takes. */
const OPERATIONS = 128;

export const nameOf = (i) => `key-${1_000_000 + i}`;

let loaded;

/** Puts as many keys below `/browse/n/` as its name says, 1000 below each of a hundred `/deep/…/`, and a crowd; once. @param {string} origin */
export function putKeys(origin) {
  return (loaded ??= put(origin));
}

async function put(origin) {
  const flat = SIZES.flatMap((size) => Array.from({ length: size }, (_, i) => `/browse/${size}/${nameOf(i)}`));
  const deep = Array.from({ length: SIZES.at(-1) }, (_, i) => `/deep/${nameOf(Math.floor(i / 1000))}/${nameOf(i % 1000)}`);
  const crowd = Array.from({ length: CROWD }, (_, i) => `/crowd/${nameOf(i)}`);
  const keys = [...flat, ...deep, ...crowd];
  for (let from = 0; from < keys.length; from += OPERATIONS) {
    const some = keys.slice(from, from + OPERATIONS);
    const success = some.map((key) => ({ request_put: { key: Buffer.from(key).toString('base64'), value: '' } }));
    const answer = await fetch(`${origin}/v3/kv/txn`, { method: 'POST', body: JSON.stringify({ success }) });
    if (!answer.ok) throw new Error(`put: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}
