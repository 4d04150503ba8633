/** `:Etcd env`: keys as variables, to look at, for a command, for a job and for the session. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

const BYTES = Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x0a]);

inOneOfEach(
  'env',
  async (etcd) => {
    await etcd.put('/app/db-host', "it's $HOME `id` %:p <CR>\n");
    await etcd.put('/app/bytes', BYTES);
    await etcd.put('/app/path', '/evil');
    await etcd.put('/app/deep/key', 'deeper');
  },
  ({ open }) => {
    it('shows names, keys and folded values, and what is left out', async () => {
      const editor = await open();
      await editor.ex('Etcd env /app/');
      const lines = await editor.eval<string[]>('getline(1, "$")');
      expect(lines).toContainEqual(expect.stringMatching(/^DB_HOST {2,}etcd:\/\/\/app\/db-host {2}rev \d+$/));
      expect(lines).toContain("  it's $HOME `id` %:p <CR>");
      expect(lines).toContainEqual(expect.stringMatching(/etcd:\/\/\/app\/path {2}not set: PATH can make/));
      expect(lines).toContainEqual(expect.stringMatching(/app\/deep\/key {2}not set: it is deeper/));
      const row = lines.findIndex((line) => line.startsWith('DB_HOST')) + 1;
      expect(await editor.eval(`[foldclosed(${row}), foldclosed(${row + 1}), foldtextresult(${row + 1})]`)).toEqual([
        -1,
        row + 1,
        '  2 lines (zo shows)',
      ]);
    });

    it('runs a command with them, bytes as they are, and takes them back after an error too', async () => {
      const editor = await open({ rc: ['let $DB_HOST = "mine"'] });
      await editor.ex('Etcd env /app/ let g:got = [$DB_HOST, system(\'printf %s \\"$BYTES\\" \\| od -An -tx1\'), $PATH]');
      const [host, bytes, path] = await editor.eval<string[]>('g:got');
      expect(host).toBe("it's $HOME `id` %:p <CR>\n");
      expect(bytes?.trim()).toBe('61 ff fe 0a 0a');
      expect(path).not.toBe('/evil');
      await expect(editor.ex("Etcd env /app/ throw 'mine'")).rejects.toThrow(/mine/);
      expect(await editor.eval('[$DB_HOST, exists("$BYTES")]')).toEqual(['mine', 0]);
    });

    it('gives them to the session with a sign, and takes them back but for what was changed', async () => {
      const editor = await open();
      await editor.ex('Etcd! env /app/');
      expect(await editor.eval('[exists("$DB_HOST"), etcd#statusline()]')).toEqual([1, '[env /app/]']);
      await editor.ex('let $DB_HOST = "changed" | Etcd env -');
      expect(await editor.eval('[$DB_HOST, exists("$BYTES"), etcd#statusline()]')).toEqual(['changed', 0, '']);
      await expect(editor.ex('Etcd env -')).rejects.toThrow(/has no variables/);
    });

    it('gives a dict for a job, and says what there is none of', async () => {
      const editor = await open();
      expect(await editor.eval('keys(etcd#env("/app/"))->sort()')).toEqual(['BYTES', 'DB_HOST']);
      expect(await editor.eval('etcd#env("etcd:/app/", "-path").DEEP_KEY')).toBe('deeper');
      await expect(editor.ex('Etcd env /nothing/')).rejects.toThrow(/nothing under \/nothing\//);
    });
  },
);
