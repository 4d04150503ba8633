/** A harm for each thing that the soak checks: something that no product may do, done by a step, to show that the judge sees it. */
import type { Step } from './edits.js';

export interface Harm {
  what: string;
  /** What is done in turn. The last of it is the harm. A name alone is a put by the other client. */
  does: readonly string[];
  /** What the judge must say. */
  told: RegExp;
}

const NEWER = ['mod_revision', 'version'].map((it) => `let b:etcd.${it} = string(str2nr(b:etcd.${it}) + 1)`).join(' | ');

/** @param key that the editor shows first */
export function harmsTo(key: string): Harm[] {
  return [
    { what: 'a text is taken for saved', does: ["call append(0, 'mine') | setlocal nomodified"], told: /not 'modified' with/ },
    { what: 'a text that etcd may not hold is', does: ["let b:etcd.digest = ''"], told: /its digest/ },
    { what: 'a base is of another key', does: [`let b:etcd.address = 'etcd://${key}x'`], told: /b:etcd belongs to/ },
    { what: 'a base goes on under a text', does: ["call append(0, 'mine')", key, NEWER], told: /its base \d+ holds/ },
    {
      what: 'an unseen value is overwritten',
      does: ["call append(0, 'mine')", key, `${NEWER} | write`],
      told: /put over .* does not come from/,
    },
    {
      what: 'another value is written than the text',
      does: [`execute "autocmd soak BufWritePre * call append(0, 'more')" | write | undo`],
      told: /no buffer had this text/,
    },
    {
      what: 'a write names another revision',
      does: ['call SoakRun("write!", 1) | let g:soak.done[0][1].mod_revision = "1"'],
      told: /named revision 1/,
    },
    {
      what: 'another buffer is changed',
      does: [`edit etcd:${key}x`, `call setbufline(bufnr('etcd://${key}'), 1, 'mine')`],
      told: /no command was about/,
    },
    {
      what: 'nobody is told of what is newer',
      does: ['let g:etcd.watch = 0 | call etcd#live#open#changed()', key],
      told: /and etcd is at \d+/,
    },
    { what: 'the note is changed', does: ["call setbufline(g:soak.note, 1, 'mine')"], told: /the note is/ },
    {
      what: 'a text is thrown away',
      does: ["call append(0, 't1.')", 'setlocal undolevels=-1 | 1delete _ | setlocal undolevels&'],
      told: /t1\. is in no buffer/,
    },
  ];
}

/** The steps that do it. */
export function stepsOf({ does }: Harm): Step[] {
  return does.map((it) =>
    it.startsWith('/')
      ? { action: { does: 'redraw' }, before: { theirs: it, deletes: false }, late: false }
      : { action: { does: it, guarded: true }, late: false },
  );
}
