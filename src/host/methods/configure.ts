/**
 * `configure`: what the user has set, as it was written, and what it means in the editor. It is sent again whenever it may have
 * changed. While it is wrong, every question about keys is refused, with what is wrong. It answers what the editor shows of the profiles.
 */
import * as v from 'valibot';
import { readSettings, type ProfileSettings, type Settings } from '../settings.js';
import { timeouts } from '../timeouts.js';
import { defineEarly } from './method.js';

const params = v.object({
  /** g:etcd. readSettings() checks it, because it has words for the user. */
  settings: v.unknown(),
  /** The variables of etcdctl, in the editor. */
  environment: v.exactOptional(v.record(v.string(), v.string())),
  /** The directory in which the editor works. */
  cwd: v.exactOptional(v.string()),
  /** What `~`, `~name` and `$NAME` mean in the editor, for all that occur in g:etcd. */
  words: v.exactOptional(v.record(v.string(), v.string())),
  /** The profile that `etcd:/x` means, if it is not the default one. */
  use: v.exactOptional(v.string()),
  /** How long the editor waits for each kind of request. */
  timeout: v.exactOptional(timeouts),
  /** All characters beyond ASCII that the editor's 'encoding' has, if that is not Unicode. */
  letters: v.exactOptional(v.string()),
});

/** What the editor shows of a profile. */
export interface ShownProfile {
  /** '' is the default one. (It is no key of a dictionary, because Neovim would change it.) */
  name: string;
  endpoints: string[];
  user?: string;
  insecure?: boolean;
}

function shownOf(name: string, { endpoints, user, insecure_skip_verify: insecure }: ProfileSettings): ShownProfile {
  return { name, endpoints, ...(user !== undefined && { user }), ...(insecure !== undefined && { insecure }) };
}

export const configure = defineEarly({
  failure: 'cannot take the settings',
  timeout: 5000,
  always: true,
  params,

  run({ settings, environment = {}, cwd = process.cwd(), words = {}, ...editor }, { session, listings, live }) {
    const read = (): Settings => readSettings({ settings, environment, cwd, words });
    if (session.configure(read, editor)) {
      listings.clear();
      live.restart();
    }
    return { profiles: ['', ...session.profiles()].map((name) => shownOf(name, session.settings(name))) };
  },
});
