/** After a plan: what other buffers show of the keys that it has changed. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'buffers after a plan',
  async () => {},
  ({ open, etcd }) => {
    let serial = 0;
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();

    /** An editor that shows `address` of a prefix of its own, with keys k10 to k59. */
    async function showing(address: (prefix: string) => string, kind: string) {
      const prefix = `/after${++serial}/`;
      for (let i = 10; i < 60; i++) await etcd().put(`${prefix}k${i}`, `value ${i}`);
      const editor = await open({ size: { columns: 100, rows: 30 } });
      await editor.ex(`edit ${address(prefix)}`);
      await editor.settled(`get(get(b:, 'etcd', {}), 'kind', '') ==# '${kind}' && line('$') == 50`);
      return { editor, prefix, lines: async () => (await editor.lines()).map((line) => line.replace(/^\d+\t/, '')) };
    }

    const places = 'map([1, 2], \'getbufline(winbufnr(v:val), line(".", win_getid(v:val)))[0]\')';
    const tops = 'map([1, 2], \'line("w0", win_getid(v:val))\')';

    it.each([
      ['a document', (prefix: string) => `etcd:${prefix}?yaml`, 'document', 'k40: value 40', 'k41: value 41'],
      ['names to edit', (prefix: string) => `etcd:${prefix}?edit`, 'edit', 'k40', 'k41'],
      ['a listing', (prefix: string) => `etcd:${prefix}`, 'prefix', 'k40', 'k41'],
    ])('%s is read again, and each of its windows stays where it is', async (_, address, kind, first, second) => {
      const { editor, prefix, lines } = await showing(address, kind);
      await editor.ex('31 | normal! zt');
      await editor.ex('split | 32 | normal! zt');
      await editor.ex(`Etcd! rm ${prefix}k59`);
      expect((await lines()).length).toBe(49);
      expect((await editor.eval<string[]>(places)).map((line) => line.replace(/^\d+\t/, ''))).toEqual([second, first]);
      expect(await editor.eval(`[${tops}, &modified]`)).toEqual([[32, 31], 0]);
      await editor.ex('Etcd! undo');
      expect([(await lines()).length, await editor.eval('&modified')]).toEqual([50, 0]);
    });

    it('names to edit keep their numbers, and :w then does what they say', async () => {
      const { editor, prefix } = await showing((name) => `etcd:${name}?edit`, 'edit');
      const before = await editor.lines();
      await editor.ex('20');
      await editor.ex(`Etcd! rm ${prefix}k10`);
      expect(await editor.lines()).toEqual(before.slice(1));
      // The cursor is on its name, which is one line above by now.
      expect(await editor.eval('getline(".")')).toBe(before[19]);
      await editor.ex('s/k29/renamed/ | write!');
      expect([await stored(`${prefix}renamed`), await stored(`${prefix}k29`)]).toEqual(['value 29', undefined]);
    });

    it.each([
      ['a document', (prefix: string) => `etcd:${prefix}?yaml`, 'document'],
      ['names to edit', (prefix: string) => `etcd:${prefix}?edit`, 'edit'],
    ])('%s with a text of the user is told once, in one line, and stays', async (_, address, kind) => {
      const { editor, prefix } = await showing(address, kind);
      await editor.ex('set hidden | 1s/$/mine');
      const text = await editor.lines();
      await editor.ex(`Etcd! rm ${prefix}k20`);
      await editor.ex(`Etcd! mv ${prefix}k21 ${prefix}moved`);
      expect([await editor.lines(), await editor.eval('&modified')]).toEqual([text, 1]);
      const messages = (await editor.eval<string>("execute('messages')")).split('\n');
      expect(messages.filter((line) => line.includes('shows keys that were changed, your text stays'))).toHaveLength(1);
    });

    it('with a text of the user are told of together with the plan, on one screen', async () => {
      const { editor, prefix } = await showing((name) => `etcd:${name}?yaml`, 'document');
      await editor.ex('set hidden | 1s/$/mine');
      await editor.type(`:Etcd! rm ${prefix}k20<CR>`);
      await editor.untilScreen(/1 key, revision \d+, but etcd:.*yaml shows keys that were changed, your text stays/);
      expect(await editor.eval('split(execute(\'messages\'), "\\n")[-1]')).toMatch(/your text stays; :e! takes what etcd holds$/);
      expect(await stored(`${prefix}k20`)).toBeUndefined();
    });

    it('that no window shows are read again as they are entered', async () => {
      const { editor, prefix, lines } = await showing((name) => `etcd:${name}?edit`, 'edit');
      await editor.ex('set hidden | enew');
      await editor.ex(`Etcd! rm ${prefix}k20`);
      await editor.ex('buffer #');
      expect((await lines()).includes('k20')).toBe(false);
    });

    it('that were opened by another profile of the same cluster are read again as well', async () => {
      const prefix = `/after${++serial}/`;
      for (const name of ['a', 'b']) await etcd().put(prefix + name, name);
      const editor = await open({ rc: [`let g:etcd = {'profiles': {'other': {'endpoints': '${etcd().endpoint}'}}}`] });
      await editor.ex(`edit etcd://other${prefix}`);
      await editor.settled("getline(1, '$') == ['a', 'b']");
      await editor.ex(`Etcd! rm etcd://${prefix}b`);
      await editor.settled("getline(1, '$') == ['a']");
      await editor.ex(`edit etcd://other${prefix}a`);
      await editor.ex(`Etcd! mv etcd://${prefix}a etcd://${prefix}c`);
      expect(await editor.eval("[bufname('%'), getline(1), &modified]")).toEqual([`etcd://other${prefix}c`, 'a', 0]);
    });

    it('whose text the plan does say nothing of themselves', async () => {
      const { editor, prefix } = await showing((name) => `etcd:${name}?edit`, 'edit');
      await editor.ex('1s/k10/first/ | write!');
      await editor.ex(`edit etcd:${prefix}?yaml | 1s/value/text/ | write!`);
      expect(await editor.eval("execute('messages')")).not.toMatch(/your text stays/);
      expect(await editor.eval('[&modified, undotree().seq_cur]')).toEqual([0, 1]);
    });
  },
);
