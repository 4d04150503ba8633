/** A value in another form: `?as=`, `:Etcd as`, `g:etcd.pretty`, and `:Etcd merge`. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inOneOfEach, keyOpener } from './editors.js';

const PATRONI = '{"ttl": 30,"loop_wait": 10,"big": 12345678901234567890}';

inOneOfEach(
  'views',
  () => Promise.resolve(),
  (bench) => {
    const openKey = keyOpener(bench, '/as/');
    const stored = async (key: string) => (await bench.etcd().get(key))?.value;
    const text = async (key: string) => (await stored(key))?.toString();

    it('edits JSON of one line indented, and writes what was changed alone', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('Etcd as json');
      expect(await editor.eval("[bufname('%'), getline(1, '$'), &modified, &filetype]")).toEqual([
        `etcd://${key}?as=json`,
        ['{', '  "ttl": 30,', '  "loop_wait": 10,', '  "big": 12345678901234567890', '}'],
        0,
        'json',
      ]);
      await editor.ex('write');
      expect(await bench.etcd().get(key)).toMatchObject({ version: '1' });
      await editor.ex('2s/30/20/ | write');
      expect(await editor.eval('&modified')).toBe(0);
      expect(await text(key)).toBe(PATRONI.replace('30', '20'));
      await editor.ex('edit');
      expect(await editor.eval('getline(2)')).toBe('  "ttl": 20,');
      await editor.ex('2s/20/,/');
      await expect(editor.ex('write!')).rejects.toThrow(/no valid JSON: line 2/);
      expect(await editor.eval("[&modified, line('.')]")).toEqual([1, 2]);
      expect(await text(key)).toBe(PATRONI.replace('30', '20'));
    });

    it('shows a form in a window of its own if the command is to make one', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('vertical Etcd as hex');
      expect(await editor.eval("[winnr('$'), winlayout()[0], bufname('%'), bufname('#')]")).toEqual([
        2,
        'row',
        `etcd://${key}?as=hex`,
        `etcd://${key}`,
      ]);
    });

    it('switches forms, not over changes, and not to one that the value has not', async () => {
      const { editor, key } = await openKey('plain');
      await editor.ex('Etcd as hex');
      expect(await editor.eval('getline(1)')).toMatch(/^00000000: 70 6c 61 69 6e +\|plain\|$/);
      await editor.ex("call setline(1, '00000000: 70 00 ff')");
      await expect(editor.ex('Etcd as text')).rejects.toThrow(/changes that are not written \(E37\)/);
      await editor.ex('write');
      expect(await stored(key)).toEqual(Buffer.from([0x70, 0, 0xff]));
      await editor.ex('Etcd as gzip');
      expect(await editor.eval('[b:etcd.kind, b:etcd.error, &modifiable]')).toEqual([
        'failed',
        expect.stringMatching(/gzip has not made it.*:Etcd as text shows the value as it is/),
        0,
      ]);
      await editor.ex('Etcd as text');
      expect(await editor.eval("[bufname('%'), strchars(getline(1)), &modified]")).toEqual([`etcd://${key}`, 3, 0]);
      await expect(editor.ex('Etcd as xml')).rejects.toThrow(/a value is shown as json, hex/);
    });

    it('edits what gzip has made', async () => {
      const editor = await bench.open();
      await bench.etcd().put('/gz', gzipSync('grün\n', { level: 9 }));
      await editor.ex('edit etcd:/gz?as=gzip');
      await editor.ex("call setline(2, 'more') | write");
      const now = (await stored('/gz')) ?? Buffer.alloc(0);
      expect(gunzipSync(now).toString()).toBe('grün\nmore\n');
    });

    it('opens JSON of one line indented where the settings say so', async () => {
      const { editor, key } = await openKey(PATRONI, ["let g:etcd = {'pretty': ['/as/']}"]);
      expect(await editor.eval("[bufname('%'), line('$')]")).toEqual([`etcd://${key}?as=json`, 5]);
      await editor.ex('Etcd as text');
      expect(await editor.eval("[bufname('%'), line('$')]")).toEqual([`etcd://${key}?as=text`, 1]);
    });

    it('merges what both sides have changed, and writes the union', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('Etcd as json');
      await editor.ex('3s/10/5/');
      await bench.etcd().put(key, PATRONI.replace('30', '40'));
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      await editor.ex('Etcd merge');
      expect(await editor.eval('[getline(2), getline(3), &modified]')).toEqual(['  "ttl": 40,', '  "loop_wait": 5,', 1]);
      await editor.ex('write');
      expect(await text(key)).toBe(PATRONI.replace('30', '40').replace('10', '5'));
      expect(await editor.eval('&modified')).toBe(0);
      await editor.ex('undo');
      expect(await editor.eval('&modified')).toBe(1);
    });

    it('merges into lines of a closed fold', async () => {
      const { editor, key } = await openKey('a: 1\nb: 1\nc: 1\n');
      await editor.ex('3s/1/2/ | 1,3fold');
      await bench.etcd().put(key, 'a: 1\nb: 2\nd: 1\nc: 1\n');
      await editor.ex('Etcd merge');
      expect(await editor.lines()).toEqual(['a: 1', 'b: 2', 'd: 1', 'c: 2']);
    });

    it('takes the base back with the merge that is undone, and merges again', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('s/10/5/');
      await bench.etcd().put(key, PATRONI.replace('30', '40'));
      await editor.ex('Etcd merge');
      await editor.ex('undo');
      expect(await editor.eval('getline(1)')).toBe(PATRONI.replace('10', '5'));
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      // Another branch than that of the merge.
      await editor.ex('s/5/6/');
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      await editor.ex('Etcd merge');
      await bench.etcd().put(key, PATRONI.replace('30', '41'));
      await editor.ex('Etcd merge');
      await editor.ex('undo');
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      await editor.ex('redo');
      await editor.ex('write');
      expect(await text(key)).toBe(PATRONI.replace('30', '41').replace('10', '6'));
      expect(await editor.eval("has_key(b:etcd, 'merged')")).toBe(0);
    });

    it('merges YAML, with the comments of both, and says what is neither', async () => {
      const { editor, key } = await openKey('# ours\nttl: 30\nwait: 10\n');
      await editor.ex('3s/10/5/');
      await bench.etcd().put(key, '# ours\nttl: 40 # theirs\nwait: 10\n');
      await editor.ex('Etcd merge');
      expect(await editor.lines()).toEqual(['# ours', 'ttl: 40 # theirs', 'wait: 5']);
      await editor.ex('write');
      expect(await text(key)).toBe('# ours\nttl: 40 # theirs\nwait: 5\n');
      await editor.ex("call setline(3, 'wait: [')");
      await expect(editor.ex('Etcd merge')).rejects.toThrow(/only JSON and YAML can be merged, and the text is neither/);
      expect(await editor.eval("line('.')")).toBeGreaterThanOrEqual(3);
    });

    it('names the field that both have changed, and takes nothing', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('s/30/20/');
      await bench.etcd().put(key, PATRONI.replace('30', '40'));
      await expect(editor.ex('Etcd merge')).rejects.toThrow(/both sides have changed ttl; :Etcd diff shows both sides/);
      expect(await editor.eval('getline(1)')).toBe(PATRONI.replace('30', '20'));
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
    });

    it('shows both sides of a conflict in the form of the buffer', async () => {
      const { editor, key } = await openKey(PATRONI);
      await editor.ex('Etcd as json');
      await editor.ex('3s/10/5/');
      await bench.etcd().put(key, PATRONI.replace('30', '40'));
      await editor.ex('Etcd diff');
      expect(await editor.eval("map(range(1, winnr('$')), 'getbufline(winbufnr(v:val), 2)[0]')")).toEqual([
        '  "ttl": 30,',
        '  "ttl": 30,',
        '  "ttl": 40,',
      ]);
    });
  },
);
