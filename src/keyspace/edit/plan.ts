/** The plan of an edited listing: steps for what its text says, each decided on what is there now. */
import { isDenied, prefixEnd, type CallOptions, type Client, type Header, type Revision } from '../../client/index.js';
import type { Plan, Step } from '../write/plan.js';
import { changesOf, refuseOver } from './changes.js';
import { intentsOf, type EditedText, type Intent, type Target } from './intents.js';
import { idOf } from './names.js';
import { readPlaces, type Found } from './places.js';
import { guardsOf, notesOf, stepsOf } from './steps.js';
import { lookBelow, wholeDeletes } from './whole.js';

/** A text, and the revision that it was read at. */
export interface Edited extends EditedText {
  header: Header;
}

export interface EditRequest {
  /** All are of one cluster. The first is the one that is written. Another one counts if it shares numbers with it. */
  edited: readonly Edited[];
  /** Delete what has changed since it was read, and overwrite what is there. */
  force?: boolean;
}

export interface EditPlan {
  plan: Plan;
  /** Which of the texts it applies. */
  texts: number[];
  /** What happens to whole prefixes, a line each. */
  notes: string[];
}

/**
 * Moves and copies what is there now, leases included. A deleted prefix is one step, unless something is to be below it.
 * @returns a plan without steps if the text says what was read
 * @throws EtcdError invalid_address, with the line, for a text that cannot be understood; conflict for a key that is not what it was,
 * or that exists already; cluster_changed
 */
export async function planEdit(client: Client, { edited, force = false }: EditRequest, options: CallOptions): Promise<EditPlan> {
  const { texts, intents } = intentsOf(edited);
  const headerOf = (origin: number): Header => (edited[origin] as Edited).header;
  const readAt = (origin: number): Revision | undefined => (force ? undefined : headerOf(origin).revision);
  if (intents.length === 0) return { plan: { steps: [] }, texts, notes: [] };
  const wanted = await lookWhole(client, intents, headerOf, readAt, options);
  const places = new Map(wanted.others.flatMap(({ source }) => (source ? [[idOf(source.place), source.place]] : [])));
  const pinned = { header: wanted.header ?? headerOf(0), ...(wanted.header && { revision: wanted.header.revision }) };
  const sources = await readPlaces(client, [...places.values()], pinned, options);
  const changes = changesOf(wanted.others, sources.kvs, readAt);
  const targets = wanted.others.flatMap((intent) => intent.targets);
  const there = await readTargets(client, sources, targets, options);
  if (!force) refuseOver(changes, targets, there.kvs);
  const steps = [...stepsOf(changes, wanted.others, sources, there.kvs), ...wanted.steps];
  return {
    plan: { steps, guards: guardsOf(targets, there.kvs), seen: there.at.header },
    texts,
    notes: notesOf(wanted.others, sources.kvs),
  };
}

interface Wanted {
  /** The deletes of whole prefixes. */
  steps: Step[];
  /** The header of the answer that they were decided on; undefined if there are none. */
  header?: Header;
  /** What is done key by key. */
  others: Intent[];
}

/**
 * Finds the prefixes that are deleted whole, and what is left to do. If the user's roles hide a part of a prefix, only the keys that
 * they show are deleted.
 */
async function lookWhole(
  client: Client,
  intents: readonly Intent[],
  headerOf: (origin: number) => Header,
  readAt: (origin: number) => Revision | undefined,
  options: CallOptions,
): Promise<Wanted> {
  const whole = wholeDeletes(intents);
  const wanted: Wanted = { steps: [], others: intents.filter((intent) => !whole.has(intent)) };
  for (const [intent, { place, origin }] of whole) {
    try {
      const { header, count } = await lookBelow(
        client,
        place.key,
        { seen: wanted.header ?? headerOf(origin), readAt: readAt(origin) },
        options,
      );
      wanted.header ??= header;
      if (count === 0) continue;
      wanted.steps.push({ op: 'delete range', key: place.key, rangeEnd: prefixEnd(place.key), revision: header.revision, count });
    } catch (thrown) {
      if (!isDenied(thrown)) throw thrown;
      wanted.others.push(intent);
    }
  }
  return wanted;
}

/** Reads what is at the places that things go to. A place that is also a source is known already. */
async function readTargets(client: Client, sources: Found, targets: readonly Target[], options: CallOptions): Promise<Found> {
  const { at, kvs } = sources;
  const unknown = new Map(targets.map(({ place }) => [idOf(place), place]));
  for (const id of kvs.keys()) unknown.delete(id);
  const pinned = at.revision === '0' ? { header: at.header } : at;
  if (unknown.size === 0) return sources;
  const found = await readPlaces(client, [...unknown.values()], pinned, options);
  return { ...found, kvs: new Map([...kvs, ...found.kvs]) };
}
