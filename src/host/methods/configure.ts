/** `configure`: where the clusters are, and how long they may take. Sent again whenever the editor's settings change. */
import * as v from 'valibot';
import { checkProfiles, type ProfileSettings } from '../settings.js';
import { timeouts } from '../timeouts.js';
import { defineMethod } from './method.js';

const params = v.object({
  /** By profile; '' is the default one. checkProfiles() looks into them, because it has words for the user. */
  profiles: v.custom<Record<string, ProfileSettings>>((profiles) => typeof profiles === 'object' && profiles !== null),
  /** The profile that `etcd:/x` means, if it is not the default one. */
  use: v.exactOptional(v.string()),
  timeout: v.exactOptional(timeouts),
  /** What values must be, by a pattern of keys (src/host/validate.ts). */
  validate: v.exactOptional(v.record(v.string(), v.union([v.picklist(['json', 'yaml', 'toml']), v.array(v.string())]))),
  /** Patterns of keys whose JSON is shown indented (src/host/views.ts). */
  pretty: v.exactOptional(v.array(v.string())),
  /** All characters beyond ASCII that the editor's 'encoding' has, if that is not Unicode. */
  letters: v.exactOptional(v.string()),
});
export type Configure = v.InferOutput<typeof params>;

export const configure = defineMethod({
  failure: 'cannot take the settings',
  timeout: 5000,
  params,

  run(settings, { session, listings, live }) {
    checkProfiles(settings.profiles);
    session.configure(settings);
    listings.clear();
    live.restart();
    return {};
  },
});
