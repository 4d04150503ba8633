/** The hand in the editor (test/harness/soak.vim) and how it is asked, even if Ctrl-C ends what answers. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Editor } from '../../harness/editor.js';
import type { Action } from './edits.js';
import type { Seen } from './lineage.js';

/** If nothing has ended for so many ms, the editor hangs. */
const HANGS = 40_000;
/** ms after which an answer will hardly come, because Ctrl-C has ended it. */
const LOST = 2_000;
/** How often the same is asked. An editor that is only slow has all that time. */
const TRIES = 15;
/** After so many looks at an idle editor, what does not end was ended by Ctrl-C. */
const IDLE = 400;
/** After so many looks at a timer that does not end, it waits, or cannot run in this wait. */
const LOOKS = 50;

/** What the hand has noted since the beginning of a step. */
export interface Kept {
  /** Buffers that were current when a command began. */
  about: number[];
  texts: Seen[];
  /** b:etcd after each write that threw nothing, and its buffer. */
  done: [bufnr: number, etcd: Record<string, string>][];
}

export interface Hand {
  ask<T>(expression: string): Promise<T>;
  /** Waits until nothing waits, and `over` says so. */
  rest(over?: () => boolean): Promise<void>;
  /** Does it, as a user; calls `over` at its end. */
  start(action: Action, over: () => void): void;
  /** Does it in a timer. Returns when that has ended, or waits itself. `isOver` tells that there is nothing to wait for. */
  timer(action: Action, isOver: () => boolean): Promise<void>;
  forget(): Promise<void>;
  kept(): Promise<Kept>;
  /** Each text in the undo tree of a buffer. */
  undone(bufnr: number): Promise<string[]>;
}

/** @param editor has sourced soak.vim */
export function handOf(editor: Editor): Hand {
  async function ask<T>(expression: string): Promise<T> {
    for (let tries = 1; ; tries++) {
      const answer = editor.eval<T>(expression).then(
        (value) => ({ value }),
        (error: unknown) => error as Error,
      );
      const first = await Promise.race([answer, pause(LOST, undefined)]);
      if (first !== undefined && 'value' in first) return first.value;
      if (tries === TRIES || (first && !first.message.includes('Interrupt'))) throw first ?? new Error(`no answer to ${expression}`);
      await goOn();
    }
  }
  /** Neovim 0.7 answers nobody while it waits for Enter after several messages. */
  async function goOn(): Promise<void> {
    if ((await editor.screen()).some((row) => row.startsWith('Press ENTER'))) await editor.type('<CR>');
  }
  async function rest(over: () => boolean = () => true): Promise<void> {
    const end = Date.now() + HANGS;
    let idle = 0;
    for (;;) {
      const [waits, timers, mode] = await ask<[number, number, string]>('[etcd#host#pending#waiting(), g:soak.under_way, mode()]');
      const rests = waits === 0 && timers === 0;
      if (rests && mode !== 'n') await editor.normal();
      idle = rests && mode === 'n' ? idle + 1 : 0;
      if (idle > 0 && (over() || idle > IDLE)) return;
      if (Date.now() > end) throw new Error(`${editor.name} does not come to rest: ${JSON.stringify({ waits, timers, mode })}`);
      await pause(5);
    }
  }
  return {
    ask,
    rest,
    start({ does, keys, guarded }, over) {
      const begun = keys ? editor.eval(`SoakType("${does}")`) : Promise.resolve();
      // The editor keeps what it throws. Here we only wait for the end.
      const ended = begun.then(() => editor.ex(keys ? '' : `call SoakRun(${quoted(does)}, ${guarded ? 1 : 0})`));
      ended.then(over, over);
    },
    async timer({ does, guarded }, isOver) {
      const before = await ask<number>('g:soak.under_way');
      await ask(`SoakTimer(${quoted(does)}, ${guarded ? 1 : 0})`);
      for (let looks = 0; looks < LOOKS; looks++) {
        if (isOver() || (await ask<number>('g:soak.under_way')) <= before) return;
        await pause(5);
      }
    },
    async forget() {
      await ask("len(extend(g:soak, {'about': [], 'texts': [], 'done': [], 'thrown': []}))");
    },
    async kept() {
      const [about, texts, done] = await ask<[Kept['about'], Seen[], Kept['done']]>('[g:soak.about, g:soak.texts, g:soak.done]');
      return { about, texts, done };
    },
    undone: (bufnr) => ask(`SoakUndone(${bufnr})`),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
