/** `format`: JSON with other white space. It asks no server. */
import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import { EtcdError } from '../../client/index.js';
import { indentJson } from '../formats.js';
import { wordsOf } from '../validate.js';
import { defineMethod } from './method.js';

const line = v.pipe(v.number(), v.minValue(1));

export const format = defineMethod({
  failure: 'cannot format',
  timeout: 'read',
  params: v.object({
    /** The file with the text, in UTF-8. */
    file: v.string(),
    /** Cells of one level, and whether they are spaces instead of tabs. */
    size: v.pipe(v.number(), v.minValue(1)),
    spaces: v.boolean(),
    /** The first and the last line; by default all. */
    lines: v.exactOptional(v.tuple([line, line])),
  }),

  async run({ file, size, spaces, lines }, { session }): Promise<{ file: string }> {
    const bytes = session.bodies().take(file);
    if (!isUtf8(bytes)) throw new EtcdError('invalid_value', 'it is no UTF-8');
    const done = await indentJson(bytes.toString('utf8'), { size, spaces }, lines);
    if (typeof done === 'string') return { file: session.bodies().offer(done) };
    const place = { line: done.line ?? 1, column: done.column ?? 1 };
    throw new EtcdError('invalid_value', `no valid JSON: ${wordsOf(done)}`, { place });
  },
});
