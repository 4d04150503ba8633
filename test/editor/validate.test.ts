/** What a value must be before it is written, and `:Etcd format`. */
import { expect, it } from 'vitest';
import { inOneOfEach, keyOpener } from './editors.js';

const JSON_TEXT = '{\n  "a": 1,\n  "b": 2\n}\n';
const rule = (text: string): string => `let g:etcd = {'validate': ${text}}`;

inOneOfEach(
  'validate',
  () => Promise.resolve(),
  (bench) => {
    const openKey = keyOpener(bench, '/v/');
    const stored = async (key: string) => (await bench.etcd().get(key))?.value.toString();

    it('refuses what is not of the format, with the cursor on it; :w! writes', async () => {
      const { editor, key } = await openKey(JSON_TEXT, [rule("{'/v/': 'json'}")]);
      await editor.ex('call setline(2, \'  "a": 1\') | call cursor(1, 1)');
      await editor.type(':w<CR>');
      await editor.untilScreen(/cannot write .*no valid JSON: line 3, column 3: comma expected; :w! writes it/);
      expect(await editor.eval("[line('.'), col('.'), &modified]")).toEqual([3, 3, 1]);
      expect(await stored(key)).toBe(JSON_TEXT);
      await editor.ex('write!');
      expect(await stored(key)).toBe('{\n  "a": 1\n  "b": 2\n}\n');
    });

    it('asks a program, which gets the bytes and says why', async () => {
      const { editor, key } = await openKey('good', [
        rule("{'*.json': ['sh', '-c', 'read x; test \"$x\" = good || { echo not good; exit 1; }']}"),
      ]);
      await editor.ex("call setline(1, 'bad')");
      await expect(editor.ex('write')).rejects.toThrow(/sh refuses it: not good/);
      expect(await stored(key)).toBe('good');
      await editor.ex("call setline(1, ['good', 'more']) | write");
      expect(await stored(key)).toBe('good\nmore');
    });

    it('refuses before it asks the user', async () => {
      const { editor, key } = await openKey('{}', ["let g:etcd = {'confirm': 1, 'validate': {'/v/': 'json'}}"]);
      await editor.ex("call setline(1, '{')");
      await editor.type(':w<CR>');
      await editor.untilScreen(/no valid JSON/);
      expect(await editor.eval("winnr('$')")).toBe(1);
      expect(await stored(key)).toBe('{}');
    });

    it('without a rule tells that JSON is none any more, and writes', async () => {
      const { editor, key } = await openKey('{"a": 1}');
      await editor.ex('call setline(1, \'{"a": 1\')');
      await editor.type(':w<CR>');
      await editor.untilScreen(/written, revision \d+; it was JSON, and is none any more: line 1/);
      expect(await stored(key)).toBe('{"a": 1');
      await editor.ex('call setline(1, \'{"a": \') | write');
      await editor.untilScreen(/5B written|6B written/);
    });

    it('a wrong rule is named', async () => {
      const editor = await bench.open({ rc: [rule("{'/v/': 'xml'}")] });
      await editor.type(':e etcd:/v/x<CR>');
      await editor.untilScreen(/g:etcd\.validate\['\/v\/'\] must be "json", "yaml", "toml", or a list/);
    });

    it(':Etcd format leaves all lines of a closed fold', async () => {
      const { editor } = await openKey('{\n  "a": 1,\n  "b":2,\n  "c": 3\n}\n');
      await editor.ex('1,5fold');
      await editor.ex('Etcd format');
      expect(await editor.lines()).toEqual(['{', '  "a": 1,', '  "b": 2,', '  "c": 3', '}']);
      expect(await editor.eval('foldclosedend(1)')).toBe(5);
    });

    it(':Etcd format takes the indent of the text, wherever the cursor is', async () => {
      const { editor } = await openKey('{\n "a": {\n  "b": {\n   "c": 1, "d": 2 }}}\n');
      await editor.ex('3');
      await editor.ex('Etcd format');
      expect(await editor.lines()).toEqual(['{', ' "a": {', '  "b": {', '   "c": 1,', '   "d": 2', '  }', ' }', '}']);
    });

    it(':Etcd format indents, is undone in one step, and says what is no JSON', async () => {
      const text = '{"b":12345678901234567890,"a":["x"]}';
      const { editor } = await openKey(text);
      await editor.ex('Etcd format');
      expect(await editor.lines()).toEqual(['{', '  "b": 12345678901234567890,', '  "a": [', '    "x"', '  ]', '}']);
      await editor.ex('normal! u');
      expect(await editor.lines()).toEqual([text]);
      await editor.ex('call setline(1, \'{"a": ]\')');
      await expect(editor.ex('Etcd format')).rejects.toThrow(/no valid JSON: line 1, column 7/);
      expect(await editor.eval("col('.')")).toBe(7);
    });
  },
);
