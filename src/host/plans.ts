/** Plans that were made and are shown, by number, and what they have done. */
import { asEtcdError, EtcdError, type CallOptions } from '../client/index.js';
import { applyPlan, type ApplyOptions } from '../keyspace/plan/apply.js';
import type { Plan } from '../keyspace/write/plan.js';
import { passDoor, refuseUnasked, type Asked } from './door.js';
import { heldLines, leasedIn } from './held-keys.js';
import type { Journal } from './journal.js';
import type { Listings } from './listings.js';
import { accountOf, type AppliedPart, type PlanDone, type ShownAddress } from './plan-done.js';
import { showPlan, type PlanShown } from './plan-shown.js';
import type { Session } from './session.js';
import type { ProfileSettings } from './settings.js';
import { validateSteps } from './validate.js';

/** What is done in one cluster. */
export interface Part {
  profile: string;
  plan: Plan;
}

/** A plan as its maker gives it. */
export interface MadePlan {
  /** What it does, in a few words: `delete /app/old/`. It becomes a question. */
  title: string;
  /** In order. A part begins only after those before it are done. A plan without steps is left out. */
  parts: Part[];
  /** What to say besides the steps. */
  notes?: string[];
  /** It takes back this entry of the journal. */
  undoes?: number;
  /** Ignore what `g:etcd.validate` says of the values. */
  unchecked?: boolean;
  /** The user was already asked about the leases of its keys, so nobody looks at them again. */
  looked?: boolean;
}

/** What the editor says when it applies a plan. */
export interface Asking {
  /** Addresses of keys and prefixes that it shows. It is told what happened to them. */
  open: readonly string[];
  /** The user has said yes; or nobody could be asked, and it is forced. */
  asked: boolean;
}

export interface Plans {
  /**
   * @param options of the programs that check values, and of reading the keys of a range
   * @throws EtcdError permission_denied for a profile or a key that is read-only; invalid_value for a value that `g:etcd.validate` refuses
   */
  keep(made: MadePlan, options: CallOptions): Promise<PlanShown>;
  /**
   * @param tell called before each request, with the number of steps that are done, and of all
   * @throws EtcdError if nothing was done, or if nobody knows; not_found for a plan that is no longer kept; permission_denied if
   * something is read-only, or wants a question and nobody was asked
   */
  apply(id: number, asking: Asking, options: CallOptions, tell: (done: number, all: number) => void): Promise<PlanDone>;
  /** Ends a plan that is being applied, between two requests. */
  halt(id: number): void;
  forget(id: number): void;
}

/** The most plans that are kept. Of those that nobody has applied or forgotten, the oldest is dropped. */
const MOST_PLANS = 20;

/** A plan that has passed the door, with the settings of that time. */
interface Kept extends MadePlan {
  asks: Asked;
  under: ProfileSettings[];
}

/** No plan is made yet. */
export function createPlans(session: Session, listings: Listings, journal: Journal): Plans {
  const kept = new Map<number, Kept>();
  const running = new Map<number, AbortController>();
  let last = 0;
  /** The cluster that it was read from has answered under its profile. */
  const shown = (name: string): ShownAddress => {
    const address = session.address(name);
    return { ...address, clusterId: session.client(address.profile).latest()?.clusterId };
  };

  return {
    async keep(made, options) {
      const parts = made.parts.filter(({ plan }) => plan.steps.length > 0);
      const under = parts.map(({ profile }) => session.settings(profile));
      const asks = await passDoor(session, parts, options);
      if (!made.unchecked) for (const { plan } of parts) await validateSteps(session.rules(), plan.steps, options);
      const held = made.looked ? [] : await heldIn(session, parts, options);
      const shown = {
        ...showPlan({ ...made, parts, notes: [...asks.notes, ...held, ...(made.notes ?? [])] }),
        confirm: asks.first !== undefined,
      };
      if (parts.length === 0) return { plan: 0, ...shown };
      kept.set(++last, { ...made, parts, asks, under });
      const [oldest] = kept.keys();
      if (kept.size > MOST_PLANS && oldest !== undefined) kept.delete(oldest);
      return { plan: last, ...shown };
    },

    async apply(id, { open, asked }, options, tell) {
      const made = kept.get(id);
      if (!made) throw new EtcdError('not_found', 'there is no such plan any more', { hint: 'begin again' });
      kept.delete(id);
      // The keys of a range are not read once more: a key that has come since ends the plan.
      const isSame = made.parts.every(({ profile }, i) => session.settings(profile) === made.under[i]);
      const { first } = isSame ? made.asks : await passDoor(session, made.parts, options);
      if (first) refuseUnasked(session, first.profile, first.key === undefined ? [] : [first.key], asked);
      const stop = new AbortController();
      running.set(id, stop);
      try {
        const applied = await applyParts(session, made, { ...options, halt: stop.signal, onProgress: tell });
        for (const { profile, of } of applied) {
          for (const { key } of of.done.flatMap(({ steps }) => steps)) listings.changed({ profile, kind: 'key', key });
        }
        const account = accountOf(applied, open.map(shown));
        journal.add(made, applied, account.keys);
        return account;
      } finally {
        running.delete(id);
      }
    },

    halt: (id) => running.get(id)?.abort(new EtcdError('cancelled', 'interrupted')),
    forget: (id) => void kept.delete(id),
  };
}

/** What to say of the leases of its keys. Whoever is asked about the plan is asked about these, too. */
async function heldIn(session: Session, parts: readonly Part[], options: CallOptions): Promise<string[]> {
  const lines: string[] = [];
  for (const { profile, plan } of parts) {
    const leased = await leasedIn(session, profile, plan.steps, options);
    lines.push(...(await heldLines(session, profile, leased, true, options)));
  }
  return lines;
}

/** @throws EtcdError if nothing at all was done */
async function applyParts(session: Session, { parts }: MadePlan, options: ApplyOptions): Promise<AppliedPart[]> {
  const applied: AppliedPart[] = [];
  for (const { profile, plan } of parts) {
    const before = applied.at(-1);
    if (before && applied.some(({ of }) => of.why)) {
      applied.push({ profile, of: { done: [], header: before.of.header, left: plan.steps } });
      continue;
    }
    try {
      applied.push({ profile, of: await applyPlan(session.client(profile), plan, options) });
    } catch (thrown) {
      if (!before) throw thrown;
      applied.push({ profile, of: { done: [], header: before.of.header, left: plan.steps, why: asEtcdError(thrown) } });
    }
  }
  return applied;
}
