// Does something that only one process may do at a time: node examples/lock.mjs /locks/migration
import { fromEnvironment } from 'etcd.vim';

const etcd = fromEnvironment();
const lock = await etcd.lock(process.argv[2] ?? '/locks/migration', { ttl: 10 });
lock.lost.addEventListener('abort', () => console.error('lost:', lock.lost.reason.message));
try {
  // It is written only if the lock is still ours, whatever has happened to this process meanwhile.
  const { succeeded } = await etcd.txn({ compare: [lock.guard], then: [{ put: '/schema', value: '2' }] });
  console.log(succeeded ? 'done' : 'lost');
} finally {
  await lock.release();
}
await etcd.close();
