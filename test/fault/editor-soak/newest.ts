/** Nobody must go on looking at an old value: it follows etcd, or its buffer says that there is a newer one. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Happened } from '../../harness/chronicle.js';
import type { Loaded } from '../../harness/invariant.js';
import { keyOf } from '../../harness/trap.js';

/** ms that a change may take to be told. If Ctrl-C ends a question about it, or it times out, it is asked again. */
const PATIENCE = 10_000;

/** @param happened oldest first @returns the buffers of values that neither show the newest nor name it, in words */
function outdated(loaded: readonly Loaded[], happened: readonly Happened[]): string[] {
  return loaded.flatMap(({ bufnr, name, etcd, options }) => {
    const { kind, address, mod_revision: base, newer } = etcd as Record<string, string | undefined>;
    // A buffer that was only named was never read, and has nothing old in it.
    if (kind !== 'key' || address !== name || etcd['named']) return [];
    const newest = happened.findLast(({ key }) => key === keyOf(name).toString());
    if (newest === undefined || newest.revision === base || newest.revision === newer) return [];
    // The key did not exist when it was read, and does not exist now.
    if (base === '0' && newest.value === undefined) return [];
    const is = options['modified'] === 1 ? 'modified' : 'not modified';
    return [`buffer ${bufnr}, ${name}, ${is}: read at ${String(base)}, names ${String(newer)}, and etcd is at ${newest.revision}`];
  });
}

/** Waits until all buffers are up to date. @param look what is loaded, and all that happened @returns what is outdated at the end */
export async function staysOutdated(look: () => Promise<readonly [readonly Loaded[], readonly Happened[]]>): Promise<string[]> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const old = outdated(...(await look()));
    if (old.length === 0 || Date.now() > end) return old;
    await pause(20);
  }
}
