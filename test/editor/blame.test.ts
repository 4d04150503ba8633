/** :Etcd blame: after each key of a document, the revision that changed it last. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { inEveryEditor } from './editors.js';

const shown = (editor: Editor) =>
  editor.eval(
    editor.kind === 'nvim'
      ? "len(nvim_buf_get_extmarks(0, nvim_create_namespace('etcd_beside'), 0, -1, {}))"
      : "len(prop_list(1, {'end_lnum': -1, 'types': ['etcdBeside']}))",
  );

inEveryEditor(
  'blame',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    let serial = 0;
    async function openDocument(query: string) {
      const prefix = `/blame${++serial}/`;
      const first = await etcd().put(`${prefix}host`, 'here');
      const second = await etcd().put(`${prefix}log`, 'one\ntwo\n');
      const third = await etcd().put(`${prefix}port`, '80');
      const editor = await open({ args: [`etcd:${prefix}?${query}`] });
      await editor.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'document'");
      return { editor, prefix, revisions: [first, second, third] as const };
    }

    it.each(['yaml', 'json', 'jsonl', 'env'])('stands behind each key of ?%s, and goes with a second one', async (format) => {
      const { editor, revisions } = await openDocument(format);
      const lines = await editor.lines();
      await editor.ex('Etcd blame');
      for (const [i, name] of ['host', 'log', 'port'].entries())
        await editor.untilScreen(new RegExp(`${name}.* revision ${revisions[i] ?? ''}$`));
      expect(await editor.eval("[getline(1, '$'), &modified]")).toEqual([lines, 0]);
      await editor.ex('Etcd blame');
      expect(await shown(editor)).toBe(0);
      await editor.ex('Etcd! blame');
      expect(await shown(editor)).toBe(0);
    });

    it('knows what is changed here, and is of what was written after a write, and of what was read', async () => {
      const { editor, prefix, revisions } = await openDocument('yaml');
      await editor.ex("call setline(1, 'host: there') | call append(0, 'added: x') | Etcd blame");
      await editor.untilScreen(/added: x not in etcd/);
      await editor.untilScreen(new RegExp(`host: there revision ${revisions[0]}, changed here`));
      await editor.ex('write!');
      const now = (await etcd().get(`${prefix}added`))?.modRevision ?? '';
      await editor.untilScreen(new RegExp(`added: x revision ${now}$`));
      await editor.untilScreen(new RegExp(`host: there revision ${now}$`));
      const theirs = await etcd().put(`${prefix}port`, '443');
      await editor.ex('edit!');
      await editor.untilScreen(new RegExp(`port: 443 revision ${theirs}$`));
      expect(await shown(editor)).toBe(4);
      await editor.ex('Etcd! blame');
      expect(await shown(editor)).toBe(0);
      await editor.ex('edit!');
      expect(await shown(editor)).toBe(0);
    });

    it('of the past is of the past; where there is no document, it says so', async () => {
      const { editor, prefix, revisions } = await openDocument('yaml');
      await etcd().put(`${prefix}host`, 'moved');
      await editor.ex(`edit etcd:${prefix}?yaml&rev=${revisions[2]}`);
      await editor.ex('Etcd blame');
      await editor.untilScreen(new RegExp(`host: here revision ${revisions[0]}$`));
      await editor.ex(`edit etcd:${prefix}host`);
      await expect(editor.ex('Etcd blame')).rejects.toThrow('only a document has keys on its lines');
      await editor.ex(`edit etcd:${prefix}?json`);
      await editor.ex("call setline(1, 'no JSON') | let v:errmsg = ''");
      await expect(editor.ex('Etcd blame')).rejects.toThrow(/cannot blame .*line 1/);
    });
  },
);
