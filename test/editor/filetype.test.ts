/** The filetype of a value by its content: the text must have what a format needs, and no filetype is better than a wrong one. */
import { expect, it } from 'vitest';
import { inEveryEditor } from './editors.js';

const samples: Record<string, readonly string[]> = {
  json: [
    '{}',
    '[]',
    '{"a": 1}',
    '{\n  "a": [1, 2]\n}\n',
    '\n{ "a"\n: null }',
    '[\n{"a":1}\n]',
    '[[1, 2], [3]]',
    '[true]',
    '["x", "y"]',
    '["x"]',
    '[-1.5e3,\n2]',
    '{"a":1}\n{"b":2}\n',
    '{"with \\" quote": "{{ .Value }}"}',
    '{\n}\n',
    `[${'"long",'.repeat(300)}\n"x"]`,
  ],
  yaml: [
    'a: 1\nb:\n  - c\n',
    '---\na: 1\n',
    '# comment\nname: x\nitems:\n- one\n- two\n',
    'text: |\n  anything: here\n  [x]\nother: 1\n',
    '"quoted key": 1\nb: 2\n',
    'a: {\n  b: 1\n}\nc: 2\n',
    '%YAML 1.2\n---\n- a\n- b\n',
    'HOST: a\nPORT: 1\n',
    'env:\n  A=b\n',
  ],
  xml: ['<?xml version="1.0"?>\n<a/>\n', '<!DOCTYPE note SYSTEM "n.dtd">\n<note/>'],
  toml: [
    '# owner\n[owner]\nname = "x" # y\nports = [\n  "a",\n]\n',
    'name = "x"\n',
    '[[servers]]\nport = 1\n',
    "[a.b]\npath = 'C:\\x'\nwhen = 1979-05-27T07:32:00Z\nn = 1_000\nf = -1.5\n",
    'point = { x = 1, y = 2 }\nok = true\n',
    'list = [1, 2]\n',
    'text = """\nfree text\n= here\n"""\nx = 1\n',
  ],
  dosini: [
    '[mysqld]\nport = 3306\nskip-name-resolve = true\n',
    '[section]\na=1\n',
    '; comment\n[a]\nname = "x"\npath = /usr/bin\nskip-networking\n',
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n',
    '[Unit]\nDescription=A service\n[Service]\nExecStart=/bin/x \\\n  --flag\n',
    '[remote "origin"]\nurl = https://example.org/x.git\n',
    '[a]\nkey: value\nother = x\n',
    '[1]\na = [2]x\n',
  ],
  sh: ['HOST=a\nexport PORT=1\n', 'HOST=a\nNAME="two words"\n', 'A="x"\nB="y"\n', "# env\nTOKEN='a b'\nEMPTY=\n", 'URL=http://x/?a=b#c\n'],
  '': [
    '',
    'just a word',
    'see\n[x]\nthere\n',
    '[x]\n',
    '[x] done\n[ ] not done\n',
    '[note]\nsome words that are no INI file\n',
    '[a]\nb\nc\n',
    'include "x"\na { b = 1 }\n',
    '{ a = 1 }',
    '{\n  port = 8080\n  "host" = "x"\n}\n',
    '{ host: "x", ports: [1] }',
    '{{ if .Enabled }}\nx\n{{ end }}',
    '{{ .Value }}',
    '{{- range .Items }}{{ . }}{{- end }}',
    '[[ -f /x ]] && echo [y]',
    '{% if x %}{ "a": 1 }{% endif %} }',
    'Note: this is prose.\nIt goes on here.\n',
    'note: one line',
    '---\ntitle: x\n---\n# Heading\n\nSome text.\n',
    'From: a\nTo: b\n\nDear reader,\n',
    '12:30:01 INFO: started\n12:30:02 INFO: done\n',
    '<!DOCTYPE html>\n<p>x</p>\n',
    'a <?xml\n',
    'select * from t where a = "x"\n',
    'x = 1\ny = true\n',
    'host = a\nname = "x"\n',
    'resource "a" "b" {\n  c = "d"\n}\n',
    'server {\n  listen 80;\n}\n',
  ],
};

inEveryEditor(
  'filetype',
  () => Promise.resolve(),
  ({ open }) => {
    it.each(Object.keys(samples))('%j', async (filetype) => {
      const editor = await open({
        rc: [
          'function! Detect(text) abort',
          '  new',
          '  call setline(1, split(a:text, "\\n", 1))',
          '  if getline("$") ==# "" && line("$") > 1',
          '    $delete _',
          '  endif',
          '  call etcd#buffer#filetype#detect()',
          '  let found = &filetype',
          '  bwipeout!',
          '  return found',
          'endfunction',
        ],
      });
      const found: [string, string][] = [];
      for (const text of samples[filetype] ?? [])
        found.push([text, await editor.eval(`Detect(json_decode(${vim(JSON.stringify(text))}))`)]);
      expect(found).toEqual((samples[filetype] ?? []).map((text) => [text, filetype]));
    });
  },
);

function vim(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
