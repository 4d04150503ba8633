// Reads a prefix, then hears of each change: node examples/config.mjs /app/
import { fromEnvironment } from 'etcd.vim';

const prefix = process.argv[2] ?? '/app/';
const etcd = fromEnvironment(); // $ETCDCTL_ENDPOINTS and the others
const config = new Map();

async function readAll() {
  config.clear();
  for await (const { key, value } of etcd.entries({ prefix })) config.set(key, value.toString());
  console.log(Object.fromEntries(config));
}

for await (const item of etcd.watch({ prefix })) {
  if (item.type === 'created' || item.type === 'resync') await readAll();
  if (item.type !== 'events') continue;
  for (const { type, entry } of item.events) {
    if (type === 'put') config.set(entry.key, entry.value.toString());
    else config.delete(entry.key);
  }
  console.log(Object.fromEntries(config));
}
