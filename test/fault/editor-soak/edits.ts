/** What a user, timers, plugins and a colleague do to a few keys, at random. Each step is data, and comes again from its seed. */
import type { Fate } from '../../harness/road.js';

/** Something that is done in the editor. `{token}` in it becomes a text that occurs nowhere else, `{key}` one of the keys. */
export interface Action {
  /** An Ex command; or with `keys` the keys that are typed, in the notation of a Vim string. */
  does: string;
  keys?: boolean;
  /** It is done in a window of an address. */
  guarded?: boolean;
  /** It may bring back older texts, or remove theirs. What is written then need not hold what was there. */
  loose?: boolean;
  /** It is about all buffers. */
  all?: boolean;
}

/** A put or a delete by the other client. */
export interface Theirs {
  theirs: string;
  deletes: boolean;
}

/** What comes in the middle of a wait: an action in a timer, the other client, or Ctrl-C. */
export type Meanwhile = Action | Theirs | 'Ctrl-C';

export interface Step {
  action: Action;
  /** What the other client does to a key before. */
  before?: Theirs;
  /** The requests of the action are held while this happens. Then each meets its fate, in turn. */
  held?: { meanwhile: Meanwhile[]; fates: Fate[] };
  /** After this step, what was to be late comes at last. */
  late: boolean;
}

type Weighted<T> = readonly (readonly [weight: number, it: T])[];

const guarded = (does: string, more: Partial<Action> = {}): Action => ({ does, guarded: true, ...more });
const typed = (does: string, more: Partial<Action> = {}): Action => guarded(does, { keys: true, ...more });

const UNDO = typed('u', { loose: true });

/** What a user does. */
const ACTIONS: Weighted<Action> = [
  [10, typed('Go{token}\\<Esc>')],
  [4, typed('ggO{token}\\<Esc>')],
  [5, guarded('write')],
  [4, typed(':w\\<CR>')],
  [2, guarded('write!', { loose: true })],
  [2, typed(':w!\\<CR>', { loose: true })],
  [2, guarded('update')],
  [1, guarded('edit')],
  [2, guarded('edit!')],
  [4, UNDO],
  [1, typed('\\<C-r>', { loose: true })],
  [1, guarded('wall', { all: true })],
  [3, { does: 'edit etcd:{key}' }],
  [1, guarded('read etcd:{key}')],
  [1, guarded('write etcd:{key}')],
  [1, guarded('saveas etcd:{key}')],
  [1, guarded('file etcd:{key}')],
  [1, guarded('Etcd diff', { loose: true })],
  [1, { does: 'split' }],
  [2, { does: 'wincmd w' }],
  [1, guarded('bdelete')],
  [1, guarded("call SoakAll('edit!')", { all: true })],
  [1, guarded('noautocmd edit')],
  [1, guarded('noautocmd edit!', { loose: true })],
  [1, guarded('set eventignore=all | edit | set eventignore=')],
  [1, guarded("execute 'autocmd soak BufWritePost * edit' | write")],
  [
    1,
    guarded("set nohidden | let g:b = bufnr('%') | execute 'noautocmd buffer' SoakOther() | execute 'noautocmd buffer' g:b", { all: true }),
  ],
];

/** Actions that may ask etcd, and so are waited for. */
const WAITS: Weighted<Action> = ACTIONS.filter(([, { does }]) => /write|:w|update|edit|wall|read|saveas|file|diff/.test(does));

const TIMERS: Weighted<Meanwhile> = [
  [6, guarded("call append(line('$'), '{token}')")],
  [2, guarded('write')],
  [2, guarded('write!', { loose: true })],
  [2, guarded('update')],
  [2, guarded('edit!')],
  [1, guarded('edit')],
  [1, guarded('undo', { loose: true })],
  [1, guarded('noautocmd edit')],
  [1, guarded("call SoakAll('edit!')", { all: true })],
  [2, { does: 'wincmd w' }],
  [2, { does: 'call SoakNote()' }],
  [1, { does: 'edit etcd:{key}' }],
  [1, { does: 'new' }],
  [1, { does: 'tabnew' }],
  [1, { does: 'copen' }],
  [1, { does: 'call SoakFloat()' }],
  [1, { does: "execute 'buffer' SoakOther()" }],
  [1, guarded('file etcd:{key}')],
  [2, 'Ctrl-C'],
];

const FATES: Weighted<Fate> = [
  [6, 'pass'],
  [1, 'before'],
  [2, 'after'],
  [1, 'late'],
];

/** @param next from 0 to 1 @param keys of the episode */
export function anySteps(next: () => number, keys: readonly string[], count: number): Step[] {
  let tokens = 0;
  const below = (limit: number): number => Math.floor(next() * limit);
  const key = (): string => keys[below(keys.length)] as string;
  function one<T>(all: Weighted<T>): T {
    let left = next() * all.reduce((sum, [weight]) => sum + weight, 0);
    return (all.find(([weight]) => (left -= weight) < 0) ?? (all[0] as readonly [number, T]))[1];
  }
  const filled = <T extends Meanwhile>(it: T): T =>
    typeof it === 'object' && 'does' in it ? { ...it, does: it.does.replace('{token}', () => `t${++tokens}.`).replace('{key}', key) } : it;
  /** Most likely the key that is shown. */
  let current = keys[1] as string;
  const theirs = (): Theirs => ({ theirs: next() < 0.6 ? current : key(), deletes: next() < 0.15 });
  const meanwhile = (): Meanwhile => (next() < 0.2 ? theirs() : filled(one(TIMERS)));

  let mayHaveFailed = false;
  return Array.from({ length: count }, () => {
    const isHeld = next() < 0.4;
    // Now and then, what a failed write left is undone.
    const action = mayHaveFailed && next() < 0.4 ? UNDO : filled(one(isHeld ? WAITS : ACTIONS));
    current = /^edit etcd:(.*)/.exec(action.does)?.[1] ?? current;
    mayHaveFailed = isHeld && /write|:w/.test(action.does);
    return {
      action,
      ...(next() < 0.15 && { before: theirs() }),
      ...(isHeld && {
        held: { meanwhile: Array.from({ length: below(4) }, meanwhile), fates: Array.from({ length: 4 }, () => one(FATES)) },
      }),
      late: next() < 0.3,
    };
  });
}

/** What a step does in the editor. */
export function actionsOf({ action, held }: Step): Action[] {
  return [action, ...(held?.meanwhile ?? [])].filter((it): it is Action => typeof it === 'object' && 'does' in it);
}

/** What a step does, in words for somebody who must do it again. */
export function told({ action, before, held, late }: Step): string {
  const does = (it: Meanwhile): string =>
    it === 'Ctrl-C'
      ? it
      : 'does' in it
        ? `${it.keys ? 'typed ' : ''}${it.does}`
        : `the other client ${it.deletes ? 'deletes' : 'puts'} ${it.theirs}`;
  const during = held && [...held.meanwhile.map((it) => `during it ${does(it)}`), `the requests: ${held.fates.join(', ')}`];
  return [...(before ? [does(before)] : []), does(action), ...(during ?? []), ...(late ? ['what is late comes'] : [])].join('; ');
}
