/** `blame`: which revision changed each key of a document last. */
import * as v from 'valibot';
import { EtcdError } from '../../client/index.js';
import { knownOf } from '../../keyspace/documents/base.js';
import { blame as blameLines, type Blamed } from '../../keyspace/documents/blame.js';
import { codecOf } from '../../keyspace/documents/formats.js';
import { readTree, spanBelow } from '../../keyspace/subtree.js';
import { basesOf } from '../bases.js';
import { textIn } from '../document-plan.js';
import { int64 } from '../params.js';
import { rooted } from '../rooted.js';
import { defineMethod, type Host, type RequestOptions } from './method.js';

const params = v.object({
  /** The address of the document. */
  name: v.string(),
  /** The file with the text. */
  file: v.string(),
  /** The file with what was read. Without it, that is read from etcd once more. */
  base: v.exactOptional(v.string()),
  /** The revision of the text that was read. */
  revision: int64,
});
export type Blame = v.InferOutput<typeof params>;

export const blame = defineMethod({ failure: 'cannot blame', timeout: 'list', params, run: blamed });

async function blamed(
  { name, file, base, revision }: Blame,
  { session }: Host,
  options: RequestOptions,
): Promise<{ address: string; keys: Blamed[] }> {
  const { profile, key, format } = rooted(session, session.address(name));
  if (format === undefined) throw new EtcdError('invalid_address', 'that is no document', { hint: 'an address of one ends in ?yaml' });
  const text = textIn(session.bodies().take(file));
  const known =
    base === undefined
      ? (await readTree(session.client(profile), { ...spanBelow(key), revision }, knownOf, options)).tree
      : basesOf(session).take(base);
  return { address: name, keys: blameLines(codecOf(format), text, key, known) };
}
