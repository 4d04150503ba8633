// Counts up without losing a count, however many processes do so at once: node examples/counter.mjs /counter
import { fromEnvironment } from 'etcd.vim';

const etcd = fromEnvironment();
const key = process.argv[2] ?? '/counter';
for (;;) {
  const entry = await etcd.get(key);
  const next = String(Number(entry?.value.toString() ?? 0) + 1);
  const { succeeded } = await etcd.compareAndPut(key, next, { modRevision: entry?.modRevision ?? '0' });
  if (!succeeded) continue; // Somebody else was faster.
  console.log(next);
  break;
}
await etcd.close();
