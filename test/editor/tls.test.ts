/** A client certificate whose key is locked, as a person meets it. And a password that would cross a network unencrypted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, type Certificates } from '../harness/certificates.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { ALICE, enableAuth } from '../harness/users.js';
import { inEveryEditor } from './editors.js';

const size = { columns: 160, rows: 24 };

describe('TLS', () => {
  let made: Certificates;
  let strict: TestCluster;
  let open: TestCluster;
  beforeAll(async () => {
    made = makeCertificates();
    const { cert, key } = made.client;
    strict = await startCluster({ tls: { ...made.server, ca: made.ca, clientCa: made.ca, clientCert: cert, clientKey: key } });
    await strict.inspect().put('/t/x', 'for clients');
    open = await startCluster();
    await open.inspect().put('/t/x', 'for alice');
    await enableAuth(open.inspect(), [{ type: 'READ', key: '/t/', rangeEnd: '/t0' }]);
  });
  afterAll(async () => {
    await Promise.all([strict.close(), open.close()]);
    made.remove();
  });

  inEveryEditor(
    'tls',
    () => Promise.resolve(),
    ({ open: start }) => {
      const profile = (more: string) => [
        `let g:etcd = {'profiles': {'mtls': {'endpoints': '${strict.endpoints[0] as string}', 'cacert': '${made.ca}'${more}}}}`,
      ];

      it('a cluster that wants a client certificate says so to whoever has none', async () => {
        const editor = await start({ rc: profile(''), size });
        await editor.ex('edit etcd://mtls/t/x');
        expect(await editor.eval('[b:etcd.code, &modifiable]')).toEqual(['tls', 0]);
        expect(await editor.eval('b:etcd.error')).toMatch(/cert/);
      });

      it('the passphrase of a key is asked for without echo, and asked for again where it was wrong', async () => {
        const { cert, key, passphrase } = made.locked;
        await strict.inspect().put('/t/x', 'for clients');
        const editor = await start({ rc: profile(`, 'cert': '${cert}', 'key': '${key}'`), size });
        await editor.type(':e etcd://mtls/t/x<CR>');
        await editor.untilAsked(/etcd: passphrase, profile mtls:/);
        await editor.type('no such phrase<CR>');
        await editor.untilScreen(/^etcd: cannot read etcd:\/\/mtls\/t\/x: the passphrase of the key is wrong/);
        await editor.type(':e!<CR>');
        await editor.untilAsked(/etcd: passphrase, profile mtls:/);
        await editor.type(`${passphrase}<CR>`);
        await editor.settled("getline(1) ==# 'for clients'");
        await editor.type('ccby a client<Esc>:w<CR>');
        await editor.settled("getline(1) ==# 'by a client' && !&modified");
        expect((await strict.inspect().get('/t/x'))?.value.toString()).toBe('by a client');
        await strict.inspect().put('/t/x', 'for clients');
        const kept = await editor.eval<string>("execute('messages') . execute('history all') . execute('let g:') . string(b:etcd)");
        expect(kept).not.toContain(passphrase);
      });

      it('a password over http is warned of once where it leaves this machine', async () => {
        // An address of this machine that nobody can recognize as such.
        const endpoint = (open.endpoints[0] as string).replace('127.0.0.1', '0.0.0.0');
        const warnings = "count(execute('messages'), 'unencrypted')";
        const env = { ETCDCTL_USER: ALICE.user, ETCDCTL_PASSWORD: ALICE.password };
        const editor = await start({ endpoints: [endpoint], env, size });
        await editor.type(':e etcd:/t/x<CR>');
        await editor.settled("getline(1) ==# 'for alice'");
        await editor.until(`${warnings} == 1`);
        await editor.ex('edit! etcd:/t/');
        await editor.ex('edit! etcd:/t/x');
        expect(await editor.eval(`[getline(1), ${warnings}]`)).toEqual(['for alice', 1]);
        expect(await editor.eval("execute('messages')")).not.toContain(ALICE.password);
        const local = await start({ endpoints: open.endpoints, env });
        await local.ex('edit etcd:/t/x');
        expect(await local.eval(`[getline(1), ${warnings}]`)).toEqual(['for alice', 0]);
      });
    },
  );
});
