// The same with types, and `await using` (TypeScript 5.2 and later).
import { createClient, isEtcdError, type Entry } from 'etcd.vim';

await using etcd = createClient({ endpoints: process.env['ETCDCTL_ENDPOINTS'] ?? '127.0.0.1:2379', timeout: 3000 });

async function ensure(key: string, value: string): Promise<Entry | undefined> {
  try {
    await etcd.create(key, value);
  } catch (error) {
    if (!isEtcdError(error, 'conflict')) throw error;
  }
  return etcd.get(key);
}

await using leader = await etcd.election('/leader').campaign('example');
const entry = await ensure('/typed', leader.key);
console.log(entry?.value.toString() ?? 'nothing');
