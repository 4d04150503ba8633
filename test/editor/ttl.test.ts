/** The time that a lease has left counts down wherever it is shown, and otherwise nothing ticks. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { startRelay } from '../harness/relay.js';
import { inEveryEditor } from './editors.js';

const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/ttl/leased', 'x', await etcd.grantLease(100));
  await etcd.put('/ttl/stays', 'x');
};

/** Timers that repeat. */
const TICKING = 'len(filter(timer_info(), "v:val.repeat < 0"))';

/** Waits until the screen shows less than at first. */
async function countsDown(editor: Editor, pattern: RegExp): Promise<void> {
  const left = async (): Promise<number> => Number(pattern.exec((await editor.screen()).join('\n'))?.[1]);
  await editor.untilScreen(pattern);
  const first = await left();
  expect(first).toBeGreaterThan(60);
  await expect.poll(left, { timeout: 10_000 }).toBeLessThan(first);
  expect(await editor.eval(TICKING)).toBe(1);
}

/** A tick that finds nothing to do is the last one. */
const ticksNoMore = (editor: Editor) => editor.until(`${TICKING} == 0`);

inEveryEditor('ttl', fill, ({ open, etcd }) => {
  it('counts down in the column, and ticks only while one is in sight', async () => {
    const editor = await open({ args: ['etcd:/ttl/'], rc: ["let g:etcd = {'columns': ['ttl']}"] });
    await countsDown(editor, /^leased +(\d+) s$/m);
    await editor.ex('new');
    await countsDown(editor, /^leased +(\d+) s$/m);
    await editor.ex('only');
    await ticksNoMore(editor);
    await editor.ex('edit etcd:/ttl/');
    await countsDown(editor, /^leased +(\d+) s$/m);
    await editor.type('gc');
    await ticksNoMore(editor);
  });

  it('counts down in K until that is closed', async () => {
    const editor = await open({ args: ['etcd:/ttl/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('K');
    await countsDown(editor, /lease +[0-9a-f]+, (\d+) s left of 100 s/);
    await editor.type('j');
    await ticksNoMore(editor);
    await editor.type('K');
    await editor.untilScreen(/lease +none/);
    expect(await editor.eval(TICKING)).toBe(0);
  });

  it('of a K that is closed does not count in the next one', async () => {
    const editor = await open({ args: ['etcd:/ttl/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('K');
    await countsDown(editor, /lease +[0-9a-f]+, (\d+) s left of 100 s/);
    await editor.type('jK');
    await editor.untilScreen(/lease +none/);
    await ticksNoMore(editor);
    expect((await editor.screen()).join('\n')).toMatch(/lease +none/);
  });

  it('comes into the status line also if the first question failed', async () => {
    const relay = await startRelay(etcd().endpoint);
    // The read and its message are answered. After that no answer about a lease comes through.
    let asked = 0;
    relay.onRequest = (piece, wire) => piece.includes('/v3/lease/timetolive') && asked++ > 0 && wire.cut();
    const editor = await open({ args: ['etcd:/ttl/leased'], endpoints: [relay.endpoint] });
    await editor.settled("getline(1) ==# 'x'");
    await expect.poll(() => asked).toBe(1);
    await editor.ex('set laststatus=2 statusline=%{etcd#statusline()}');
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(1);
    relay.onRequest = undefined;
    await countsDown(editor, /rev \d+ ttl (\d+) s/);
    relay.close();
  });

  it('counts down in the status line of whoever has it there', async () => {
    const editor = await open({ args: ['etcd:/ttl/leased'], rc: ['set laststatus=2 statusline=%{etcd#statusline()}'] });
    await countsDown(editor, /rev \d+ ttl (\d+) s/);
    await editor.ex('edit etcd:/ttl/stays');
    await ticksNoMore(editor);
    expect(await editor.eval('etcd#statusline()')).toMatch(/rev \d+$/);
  });

  it('is not asked for, nor counted, where nobody shows it', async () => {
    const editor = await open({ args: ['etcd:/ttl/leased'] });
    await editor.settled("line('$') == 1 && getline(1) ==# 'x'");
    const asked = async (): Promise<number> =>
      (await editor.eval<string>("join(etcd#host#rpc#request('log', {}, 'read').lines, ' ')")).split(' lease ').length - 1;
    // The message of the read asks, after the text is there.
    await expect.poll(asked).toBe(1);
    expect(await editor.eval(TICKING)).toBe(0);
  });
});
