/** `env`: the keys below a prefix, or one key, as the variables that bin/etcdenv makes from them. */
import * as v from 'valibot';
import { EtcdError, type Key } from '../../client/index.js';
import { formats } from '../../env/formats/index.js';
import { checkLengths } from '../../env/lengths.js';
import { USUAL } from '../../env/names.js';
import { readSources } from '../../env/read.js';
import { DEEPER, variablesOf, type Variables } from '../../env/variables.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { defineMethod, type Host, type RequestOptions } from './method.js';

const params = v.object({
  /** An address, as typed or canonical. With `?rev=N` as it was then. */
  name: v.string(),
  /** The keys right below it; or all keys, by their last part; or all keys, by their whole name. */
  depth: v.picklist(['children', 'last', 'path']),
});
export type Env = v.InferOutput<typeof params>;

export interface EnvVariables {
  address: string;
  /** The revision at which it was read. */
  revision: string;
  /** The file with `NAME=value` and a NUL for each variable, in the order of `variables`. */
  file: string;
  /** The keys of each variable. With `last` there may be several. */
  variables: { name: string; addresses: string[]; revision: string; bytes: number }[];
  /** Keys that become no variable, and why. `unasked`: worth a warning. */
  left: { name: string; address: string; why: string; unasked: boolean }[];
}

export const env = defineMethod({ failure: 'cannot take variables from', timeout: 'list', params, run });

async function run({ name, depth }: Env, { session }: Host, options: RequestOptions): Promise<EnvVariables> {
  const address = session.address(name);
  const client = session.client(address.profile);
  const { revision } = address;
  const wanted = { keys: [address.key || '/'], mayBeEmpty: false, ...(revision !== undefined && { revision }) };
  const { header, sources } = await readSources(client, wanted, options);
  const found = variablesOf(sources, { depth, style: USUAL, only: [], except: [], allow: [] });
  checkNotAllDeeper(found);
  checkLengths(found.variables);
  const of = (key: Key): string => formatAddress(ofKey(address, key));
  return {
    address: formatAddress(address),
    revision: revision ?? header.revision,
    file: session.bodies().offer((formats['nul'] as (typeof formats)[string])(found.variables)),
    variables: found.variables.map((one) => ({
      name: one.name,
      addresses: one.keys.map(of),
      revision: one.revision,
      bytes: one.value.length,
    })),
    left: found.left.map(({ name: own, key, why, unasked }) => ({ name: own, address: of(key), why, unasked })),
  };
}

function ofKey({ profile, revision }: Address, key: Key): Address {
  return { profile, kind: 'key', key, ...(revision !== undefined && { revision }) };
}

function checkNotAllDeeper({ variables, left }: Variables): void {
  if (variables.length > 0 || !left.some(({ why }) => why === DEEPER)) return;
  throw new EtcdError('not_found', 'all keys are deeper', { hint: 'take them with -r or -path' });
}
