/** The settings of a profile, which people write by hand: each wrong one is named as they wrote it. */
import { EtcdError } from '../client/index.js';
import type { KeyRule } from './rules.js';

/** One cluster: where it is, who asks, and what may be done there. Names of files are whole names. */
export interface ProfileSettings {
  endpoints: string[];
  /** From the environment. */
  discovery_srv?: string;
  user?: string;
  /** From the environment. */
  password?: string;
  /** A program and its arguments, run without a shell; the first line that it prints. */
  password_command?: string[];
  /** A file that nobody else may read; its first line. */
  password_file?: string;
  cacert?: string;
  cert?: string;
  key?: string;
  /** Of the key. */
  passphrase_command?: string[];
  passphrase_file?: string;
  /** The name to verify instead of the endpoint's host. */
  server_name?: string;
  insecure_skip_verify?: boolean;
  /** The prefix that the bare address of the profile lists. */
  root?: string;
  /** Nothing is put there. */
  readonly?: boolean;
  /** The editor asks before each put. */
  confirm?: boolean;
  /** The same for some keys, and what is to be known of them; of each entry the last rule counts that has it. */
  rules?: KeyRule[];
  /** The editor makes swap files of values, as its own 'swapfile' says. */
  swap?: boolean;
  /** The editor's highlight group of its windows. */
  highlight?: string;
  /** The editor watches what it has open. */
  watch?: boolean;
}

type Kind = 'string' | 'boolean' | 'list' | 'rules';

const kinds: Readonly<Record<keyof ProfileSettings, Kind>> = {
  endpoints: 'list',
  discovery_srv: 'string',
  user: 'string',
  password: 'string',
  password_command: 'list',
  password_file: 'string',
  cacert: 'string',
  cert: 'string',
  key: 'string',
  passphrase_command: 'list',
  passphrase_file: 'string',
  server_name: 'string',
  insecure_skip_verify: 'boolean',
  root: 'string',
  readonly: 'boolean',
  confirm: 'boolean',
  rules: 'rules',
  swap: 'boolean',
  highlight: 'string',
  watch: 'boolean',
};

/** Of a rule. */
const ruleKinds: Readonly<Record<keyof KeyRule, 'string' | 'boolean'>> = {
  keys: 'string',
  readonly: 'boolean',
  confirm: 'boolean',
  note: 'string',
};

const inWords: Readonly<Record<Kind, string>> = {
  string: 'a string',
  boolean: 'v:true or v:false',
  list: 'a list of strings',
  rules: 'a list of dictionaries',
};

/** @throws EtcdError invalid_value, which names the profile and the setting, and never its value */
export function checkProfiles(profiles: Record<string, unknown>): void {
  for (const [profile, settings] of Object.entries(profiles)) {
    const of = profile === '' ? '' : ` of profile ${JSON.stringify(profile)}`;
    if (typeof settings !== 'object' || settings === null) throw wrong(`profile ${JSON.stringify(profile)} must be a dictionary`);
    if (!('endpoints' in settings)) throw wrong(`endpoints${of} must be a list of strings`);
    for (const [setting, value] of Object.entries(settings)) {
      if (!Object.hasOwn(kinds, setting)) throw wrong(`there is no setting ${JSON.stringify(setting)}${of}`);
      const kind = kinds[setting as keyof ProfileSettings];
      if (!isKind(kind, value)) throw wrong(`${setting}${of} must be ${inWords[kind]}`);
      if (kind === 'rules') checkRules(value as unknown[], of);
      if (setting.endsWith('_command') && (value as string[]).length === 0) throw wrong(`${setting}${of} is empty`);
    }
  }
}

function isKind(kind: Kind, value: unknown): boolean {
  if (kind === 'rules') return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
  if (kind !== 'list') return typeof value === kind;
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\0'));
}

function checkRules(rules: unknown[], of: string): void {
  for (const [i, rule] of rules.entries()) {
    for (const [name, value] of Object.entries(rule as object)) {
      if (!Object.hasOwn(ruleKinds, name)) throw wrong(`there is no setting ${JSON.stringify(name)} in rules[${i}]${of}`);
      const kind = ruleKinds[name as keyof KeyRule];
      if (typeof value !== kind) throw wrong(`${name} in rules[${i}]${of} must be ${inWords[kind]}`);
    }
    if (!(rule as Partial<KeyRule>).keys) throw wrong(`keys in rules[${i}]${of} must be a pattern of keys`);
  }
}

function wrong(what: string): EtcdError {
  return new EtcdError('invalid_value', `g:etcd: ${what}`, { hint: 'see :help g:etcd' });
}
