/** :Etcd watch: changes as lines, as they happen. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

const shown = 'map(getline(1, \'$\'), \'substitute(v:val, "^[0-9:]*  ", "", "")\')';

inOneOfEach(
  'tail',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    it(':Etcd watch has a line for each change, follows on the last line only, and Enter opens the key as it was', async () => {
      const first = await etcd().put('/w/a', 'one');
      const editor = await open();
      await editor.ex(`Etcd watch /w/ from ${first}`);
      const second = await etcd().put('/w/b', 'three');
      await etcd().delete('/w/b');
      await editor.settled("line('.') == 3");
      const deleted = Number(second) + 1;
      expect(await editor.eval(shown)).toEqual([
        `put     etcd:///w/a?rev=${first}  3 B`,
        `put     etcd:///w/b?rev=${second}  5 B`,
        `delete  etcd:///w/b?rev=${deleted}`,
      ]);
      await editor.type('k');
      await editor.until("line('.') == 2");
      await etcd().put('/elsewhere', '');
      await etcd().put('/w/c', '');
      await editor.settled("line('$') == 4");
      expect(await editor.eval("line('.')")).toBe(2);
      await editor.type('<CR>');
      await editor.settled(`bufname('%') ==# 'etcd:///w/b?rev=${second}'`);
      expect(await editor.lines()).toEqual(['three']);
      await expect(editor.ex('enew | Etcd watch')).rejects.toThrow(/no key and no prefix/);
    });
  },
);
