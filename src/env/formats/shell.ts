/** For shells: `eval "$(etcdenv -format=sh …)"`. Bytes stay as they are. */
import { isIdentifier } from '../names.js';
import { each, unwritable, type Format } from './format.js';

/** The hint for names that a shell cannot have. */
const OTHERWISE = 'take names that every shell has, without -raw-names, or use -format=json or nul';

/** In single quotes, as POSIX shells read them: nothing inside is special. */
export function quoted(bytes: Buffer | string): Buffer {
  const text = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return Buffer.from(`'${text.toString('latin1').replaceAll("'", "'\\''")}'`, 'latin1');
}

export const sh: Format = each((name, value) => {
  if (!isIdentifier(name)) throw unwritable(JSON.stringify(name), 'sh', 'a shell has no such names', OTHERWISE);
  return Buffer.concat([Buffer.from(`export ${name}=`), quoted(value), Buffer.from('\n')]);
});

export const fish: Format = each((name, value) => {
  if (!isIdentifier(name)) throw unwritable(JSON.stringify(name), 'fish', 'fish has no such names', OTHERWISE);
  const text = value.toString('latin1').replaceAll(/[\\']/g, '\\$&');
  return Buffer.from(`set -gx ${name} '${text}'\n`, 'latin1');
});
