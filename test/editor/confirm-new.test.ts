/** Profiles with `confirm` also ask before a key is created. What was shown, "not there", is what is written over. */
import { expect, it } from 'vitest';
import { inEveryEditor } from './editors.js';

const question = /\(Y\)es, \[N\]o:/;

inEveryEditor(
  'confirm a new key',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const stored = async () => (await etcd().get('/c/empty'))?.value.toString();

    it('asks before it creates a key without a value, and compares with what it has shown', async () => {
      await etcd().delete('/c/empty');
      const rc = [`let g:etcd = {'profiles': {'prod': {'endpoints': '${etcd().endpoint}', 'confirm': v:true}}}`];
      const editor = await open({ rc, args: ['etcd://prod/c/empty'], size: { columns: 120, rows: 24 } });
      await editor.type(':setlocal binary | w<CR>');
      const rows = await editor.untilScreen(question);
      expect(rows).toContain('A new key without a value.');
      await editor.type('n');
      await editor.untilScreen(/you have not said yes/);
      expect(await stored()).toBeUndefined();
      await editor.type(':w!<CR>');
      await editor.untilScreen(question);
      await etcd().put('/c/empty', 'theirs');
      await editor.type('y');
      await editor.untilScreen(/the key exists/);
      expect(await stored()).toBe('theirs');
    });
  },
);
