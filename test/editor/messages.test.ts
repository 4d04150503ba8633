/** Messages in a terminal of 80 columns, with one line for them: nothing important is cut, and nobody has to press a key. */
import { expect, it } from 'vitest';
import { freePort, type TestEtcd } from '../harness/etcd.js';
import type { Editor } from '../harness/editor.js';
import { inEveryEditor } from './editors.js';

const LONG = 'some/long/prefix/with/a/deep/key/in/it/config.json';
const size = { columns: 80, rows: 24 };
const rc = ['set cmdheight=1 shortmess+=T more', 'set laststatus=1 showcmd'];
const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put(`/${LONG}`, 'x'.repeat(965));
  await etcd.put('/m/x', 'value');
};

inEveryEditor('messages', fill, ({ open }) => {
  /** The only row of the screen that is ours matches, and the editor takes keys at once. */
  async function told(editor: Editor, pattern: RegExp): Promise<void> {
    const rows = await editor.untilScreen(pattern);
    expect(rows.filter((row) => pattern.test(row))).toHaveLength(1);
    expect(rows.join('\n')).not.toMatch(/Press ENTER|Error detected|-- More --/);
    expect(await editor.eval('mode()')).toBe('n');
  }

  it.each(['set noruler', 'set ruler'])('the reason is there, at the start and after :e (%s)', async (ruler) => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const reason = (shown: string) => new RegExp(`^etcd: cannot read(?: ${shown}.*)?: nothing is listening there`);
    const editor = await open({ endpoints: [nobody], size, rc: [...rc, ruler], args: ['etcd:/'] });
    await told(editor, reason('etcd:/'));
    await editor.type(`:e etcd:/${LONG}<CR>`);
    await editor.settled("bufname('%') =~# 'config.json' && get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'");
    await told(editor, reason('etcd:.*fig\\.json'));
    // All of it is kept.
    const whole = `(http://${nobody}): nothing is listening there; check $ETCDCTL_ENDPOINTS or g:etcd.endpoints`;
    expect((await editor.eval<string>("execute('messages')")).split('\n').filter((line) => line.endsWith(whole))).not.toEqual([]);
  });

  it.each(['set noruler', 'set ruler'])('what was done is there (%s)', async (ruler) => {
    const editor = await open({ size, rc: [...rc, ruler, 'set shortmess-=F'] });
    await editor.type(`:e etcd:/${LONG}<CR>`);
    await told(editor, /^"etcd:.*fig\.json" 1L, 965B, revision \d+/);
    await editor.type(':s/x/y/<CR>:w<CR>');
    await told(editor, /^"etcd:.*fig\.json" 965B written, revision \d+/);
    await editor.type(':e etcd:/some/long/prefix/with/a/deep/key/in/it/<CR>');
    await told(editor, /^"etcd:.*(?:it\/|\.\.\.\S*\/)" 1 name, revision \d+/);
  });

  it("an empty listing speaks, whatever 'shortmess' is, and at the revision of the cluster", async () => {
    for (const short of ['set shortmess+=F', 'set shortmess-=F']) {
      const editor = await open({ size, rc: [...rc, short], args: ['etcd:/nothing/below/'] });
      await told(editor, /^"etcd:\/\/\/nothing\/below\/" no keys, revision [1-9]\d*/);
      expect(await editor.eval('b:etcd.revision')).toMatch(/^[1-9]\d*$/);
    }
  });

  it('a message that fits is as it is, in wide and in high command lines', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    for (const options of [
      { size: { columns: 200, rows: 24 }, rc },
      { size, rc: ['set cmdheight=3'] },
    ]) {
      const editor = await open({ endpoints: [nobody], ...options });
      await editor.type(':e etcd:/x<CR>');
      const rows = await editor.untilScreen(/ndpoints$/);
      const whole = `(http://${nobody}): nothing is listening there; check $ETCDCTL_ENDPOINTS or g:etcd.endpoints`;
      expect(rows.join('').replaceAll(' ', '')).toContain(whole.replaceAll(' ', ''));
    }
  });

  it('shortens in turn: scheme, hint, address, endpoint', async () => {
    const editor = await open();
    const text = 'etcd: cannot read etcd:///app/database/host (http://10.0.0.1:2379): it is; down; do this';
    const expected: [number, string][] = [
      [200, text],
      [87, 'etcd: cannot read etcd:///app/database/host (10.0.0.1:2379): it is; down; do this'],
      [75, 'etcd: cannot read etcd:///app/database/host (10.0.0.1:2379): it is; down'],
      [67, 'etcd: cannot read etcd:///app/database/host (10.0.0.1:2379): it is'],
      [58, 'etcd: cannot read etcd:...ase/host (10.0.0.1:2379): it is'],
      [50, 'etcd: cannot read etcd:...ase/host: it is'],
      [30, 'etcd: cannot read: it is'],
      [12, 'etcd: can...'],
    ];
    for (const [room, line] of expected) {
      const short = await editor.eval<string>(`etcd#ui#shorten#line('${text}', ${room})`);
      expect(short.length).toBeLessThanOrEqual(room);
      if (room !== 58) expect(short).toBe(line);
      else expect(short).toMatch(/^etcd: cannot read etcd:.*\.\.\..*\/host \(10\.0\.0\.1:2379\): it is$/);
    }
    expect(await editor.eval(`etcd#ui#shorten#line('"etcd:///app/database/host" 12L, 965B written', 42)`)).toMatch(
      /^"etcd:.*host" 12L, 965B written$/,
    );
  });
});
