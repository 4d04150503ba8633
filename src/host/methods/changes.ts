/** `changes`: what this editor has changed, newest first. */
import * as v from 'valibot';
import { keysInWords } from '../../keyspace/plan/words.js';
import type { Entry } from '../journal.js';
import { defineMethod } from './method.js';

export interface ChangesDone {
  changes: { id: number; title: string; at: number; words: string; undone: boolean }[];
}

export const changes = defineMethod({
  failure: 'cannot list',
  timeout: 5000,
  params: v.object({}),
  run: (_, { journal }): ChangesDone => ({ changes: journal.entries().map(describe).reverse() }),
});

function describe(entry: Entry): ChangesDone['changes'][number] {
  const { id, title, at, undone, parts, keys } = entry;
  const revision = parts.at(-1)?.past.at(-1)?.revision ?? '0';
  return { id, title, at, undone, words: `${keysInWords(keys)}, revision ${revision}${undone ? ', taken back' : ''}` };
}
