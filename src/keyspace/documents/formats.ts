/** The formats by their names. None is loaded before it is asked for: the parsers of some are larger than all that is ours. */
import type { Format } from '../address.js';
import type { Codec } from './entry.js';

/** What encodes and decodes documents of that format. */
export async function codecOf(format: Format): Promise<Codec> {
  /* eslint-disable no-restricted-syntax -- of this folder, so nobody is in doubt about the direction */
  switch (format) {
    case 'yaml':
      return (await import('./yaml.js')).yaml;
    case 'json':
      return (await import('./json.js')).json;
    case 'jsonl':
      return (await import('./jsonl.js')).jsonl;
    case 'env':
      return (await import('./env.js')).env;
  }
}
