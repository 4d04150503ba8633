/** Leases in the editor: a TTL for a key or for lines, the list, and a question before one is revoked. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'leases',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    it(':Etcd ttl gives the key of a buffer a lease, which :w then keeps, and takes it off', async () => {
      await etcd().put('/k/a', 'x');
      const editor = await open();
      await editor.ex('edit etcd:/k/a | Etcd ttl 600');
      const lease = (await etcd().get('/k/a'))?.lease;
      expect(lease).not.toBe('0');
      await editor.ex("call setline(1, 'typed') | write");
      expect(await etcd().get('/k/a')).toMatchObject({ value: Buffer.from('typed'), lease });
      await editor.ex('Etcd ttl 0');
      expect((await etcd().get('/k/a'))?.lease).toBe('0');
      await expect(editor.ex('Etcd ttl soon')).rejects.toThrow(/takes seconds/);
    });

    it('for lines of a listing it is one lease', async () => {
      for (const name of ['a', 'b', 'c']) await etcd().put(`/m/${name}`, name);
      const editor = await open();
      await editor.ex('edit etcd:/m/ | 1,2Etcd ttl 600');
      const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(async (name) => (await etcd().get(`/m/${name}`))?.lease));
      expect(a).not.toBe('0');
      expect([b, c]).toEqual([a, '0']);
    });

    it('a profile with confirm asks before a TTL, and one that is read-only has no question', async () => {
      await etcd().put('/o/a', 'x');
      const profile = (more: string) => `{'endpoints': '${etcd().endpoint}', '${more}': v:true}`;
      const editor = await open({ rc: [`let g:etcd = {'profiles': {'prod': ${profile('confirm')}, 'old': ${profile('readonly')}}}`] });
      await editor.ex('edit etcd://prod/o/a');
      await editor.type(':Etcd ttl! 600<CR>');
      await editor.untilScreen(/Give 1 key TTL 600 s \(prod\)\?/);
      await editor.type('n');
      await editor.untilScreen(/you have not said yes/);
      expect((await etcd().get('/o/a'))?.lease).toBe('0');
      await editor.type(':Etcd ttl 600<CR>');
      await editor.untilScreen(/Give 1 key TTL 600 s \(prod\)\?/);
      await editor.type('y');
      await editor.untilScreen(/1 key, revision/);
      expect((await etcd().get('/o/a'))?.lease).not.toBe('0');
      await editor.ex('edit etcd://old/o/a');
      await editor.type(':Etcd ttl 0<CR>');
      await editor.untilScreen(/profile old is read-only/);
      await editor.ex('Etcd leases old');
      await editor.type('jD');
      await editor.untilScreen(/not revoked: [0-9a-f]+: profile old is read-only/);
    });

    it(':Etcd leases lists them, and D names the keys before it revokes', async () => {
      const lease = await etcd().grantLease(500);
      await etcd().put('/n/goes', 'x', lease);
      const id = BigInt(lease).toString(16);
      const editor = await open();
      await editor.type(':Etcd leases<CR>');
      await editor.untilScreen(new RegExp(`${id} +\\d+ +500 +1 +/n/goes`));
      await editor.type(`/${id}<CR>D`);
      await editor.untilScreen(/delete \/n\/goes/);
      await editor.untilScreen(new RegExp(`Revoke lease ${id}`));
      await editor.type('n');
      await editor.untilScreen(/you have not said yes/);
      expect(await etcd().get('/n/goes')).toBeDefined();
      await editor.type('D');
      await editor.untilScreen(new RegExp(`Revoke lease ${id}`));
      await editor.type('y');
      await editor.untilScreen(/revoked lease/);
      expect(await etcd().get('/n/goes')).toBe(undefined);
    });
  },
);
