/** A key that somebody holds by a lease, as the user sees it: the message of the read, and the question before a write. */
import { expect, it } from 'vitest';
import { createClient } from '../harness/client.js';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'held',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const question = /Write it\? \(Y\)es, \[N\]o:/;
    const stored = async () => (await etcd().get('/held/leader'))?.value.toString();

    /** Holds it like a lock, until `work` is done. */
    async function whileHeld(ttl: number, work: (id: string) => Promise<void>): Promise<void> {
      const client = createClient({ endpoints: [etcd().endpoint] });
      const lease = await client.leases.grant({ ttl }, { budget: 5000 });
      await etcd().put('/held/leader', 'theirs\n', lease.id);
      const kept = client.leases.keepAlive(lease);
      try {
        await work(BigInt(lease.id).toString(16));
      } finally {
        kept.stop();
        await client.close();
      }
    }

    it('the message of a read says what is left of the lease, and that it is kept alive once that is known', async () => {
      await whileHeld(3, async (id) => {
        const editor = await open({ size: { columns: 80, rows: 24 } });
        await editor.type(':e etcd:/held/leader<CR>');
        await editor.untilScreen(new RegExp(`"etcd:///held/leader" 1L, 7B, revision \\d+, lease ${id.slice(0, 4)}…, [23] s left`));
        const again = async () => {
          await editor.type(':e<CR>');
          return (await editor.screen()).join('\n');
        };
        await expect
          .poll(again, { timeout: 8000, interval: 300 })
          .toMatch(new RegExp(`lease ${id.slice(0, 4)}…, [123] s left, kept alive`));
        await editor.type(':Etcd info<CR>');
        await editor.untilScreen(/lease +[0-9a-f]+, \d s left of 3 s, kept alive/);
      });
    });

    it('is written if nobody can be asked whether a lease is kept alive, of which nobody knows', async () => {
      await whileHeld(60, async () => {
        const editor = await open({ args: ['etcd:/held/leader'], size: { columns: 140, rows: 24 } });
        await editor.settled("getline(1) ==# 'theirs'");
        await editor.ex("call setline(1, 'by a timer') | call timer_start(1, {-> execute('update')})");
        await editor.settled('!&modified');
        await editor.ex("call setline(1, 'silently') | silent update");
        expect(await stored()).toBe('silently\n');
      });
    });

    it(':w asks once in a buffer, and says that the lease may be kept alive; :w! asks nothing', async () => {
      await whileHeld(60, async () => {
        const editor = await open({ args: ['etcd:/held/leader'], size: { columns: 140, rows: 24 } });
        await editor.settled("getline(1) ==# 'theirs'");
        await editor.type('ccmine<Esc>:w<CR>');
        const rows = await editor.untilScreen(question);
        expect(rows.join('\n')).toMatch(
          /\/held\/leader has a lease with \d\d of 60 s left, which somebody may keep alive \(a lock or an election\?\)/,
        );
        await editor.type('n');
        await editor.untilScreen(/not written: etcd:\/\/\/held\/leader: you have not said yes; the text is still here/);
        await editor.normal();
        expect(await stored()).toBe('theirs\n');
        await editor.type(':w<CR>');
        await editor.untilScreen(question);
        await editor.type('y');
        // While the question is open, the current window is that of the diff.
        await editor.settled("bufname('%') =~# '^etcd:' && !&modified");
        expect(await stored()).toBe('mine\n');
        await editor.type('ccagain<Esc>:w<CR>');
        await editor.settled("bufname('%') =~# '^etcd:' && !&modified && getline(1) ==# 'again'");
        expect(await stored()).toBe('again\n');
        const other = await open({ args: ['etcd:/held/leader'] });
        await other.settled("getline(1) ==# 'again'");
        await other.type('ccforced<Esc>:w!<CR>');
        await other.settled("bufname('%') =~# '^etcd:' && !&modified && getline(1) ==# 'forced'");
        expect(await stored()).toBe('forced\n');
      });
    });

    it('is named in the question of :Etcd rm, and asked about by :Etcd ttl, which ! does not', async () => {
      await whileHeld(60, async (id) => {
        const leased = async () => BigInt((await etcd().get('/held/leader'))?.lease ?? 0).toString(16);
        const editor = await open({ args: ['etcd:/held/leader'], size: { columns: 140, rows: 24 } });
        await editor.settled("getline(1) ==# 'theirs'");
        const held = '/held/leader has a lease that somebody may keep alive (a lock or an election?)';
        await editor.type(':Etcd rm<CR>');
        const shown = await editor.untilScreen(/Delete etcd:\/\/\/held\/leader.*\(Y\)es, \[N\]o:/);
        expect(shown.join('\n')).toContain(held);
        await editor.type('n');
        await editor.untilScreen(/not done: .*you have not said yes/);
        await editor.normal();
        await editor.type(':Etcd ttl 500<CR>');
        expect((await editor.untilScreen(/Give 1 key TTL 500 s.*\(Y\)es, \[N\]o:/)).join('\n')).toContain(held);
        await editor.type('n');
        await editor.untilScreen(/not done: ttl: you have not said yes/);
        await editor.normal();
        expect(await leased()).toBe(id);
        await editor.type(':Etcd! ttl 500<CR>');
        await editor.untilScreen(/etcd: TTL 500 s: 1 key, revision/);
        expect(await leased()).not.toBe(id);
      });
    });
  },
);
