/** Loads late.ts. */
import { EtcdError } from '../../client/index.js';
import type * as Late from './late.js';

/** @throws EtcdError internal if another version was installed while this one ran */
export async function late(): Promise<typeof Late> {
  try {
    // eslint-disable-next-line no-restricted-syntax -- it is in this folder, so the direction is clear
    return await import('./late.js');
  } catch (cause) {
    throw new EtcdError('internal', 'a part of the plugin is not there any more', { hint: 'restart the editor', cause });
  }
}
