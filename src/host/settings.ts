/**
 * The settings: `g:etcd` as the user wrote it, and the variables of etcdctl. For the default profile the variables win, because they
 * belong to a shell, and g:etcd to a vimrc. Settings are read and checked only here. A wrong one is named as the user wrote it. We
 * check by hand, because the messages are for people, and because the result differs from what was written: file names become whole,
 * and 1 becomes true.
 */
import { DEFAULT_ENDPOINT, readVariables, type Environment } from '../client/index.js';
import * as kind from './setting-kinds.js';
import { check, checkNames, dictionary, fieldsOf, type Fields, type Place } from './setting-kinds.js';
import type { Timeouts } from './timeouts.js';
import type { Rule, Rules } from './validate.js';

/** What a profile may have. The default profile has it at the top level of g:etcd. */
const profileKinds = {
  endpoints: kind.endpoints,
  user: kind.text,
  /** A program, run without a shell. The first line that it prints counts. */
  password_command: kind.command,
  /** A file that nobody else may read. Its first line counts. */
  password_file: kind.file,
  cacert: kind.file,
  cert: kind.file,
  key: kind.file,
  /** The passphrase of the key. */
  passphrase_command: kind.command,
  passphrase_file: kind.file,
  /** The name to verify instead of the endpoint's host. */
  server_name: kind.text,
  insecure_skip_verify: kind.flag,
  /** ms that one connection may take, written as in etcdctl: `5s`. */
  dial_timeout: kind.duration,
  /** The prefix that the bare address of the profile lists. */
  root: kind.text,
  /** Nothing may be put there. */
  readonly: kind.flag,
  /** The editor asks before each put. */
  confirm: kind.flag,
  /** The same for some keys, and what the user should know of them. For each entry the last rule counts that has it. */
  rules: kind.rules,
  /** The editor makes swap files of values, as its own 'swapfile' says. */
  swap: kind.flag,
  /** The editor's highlight group for its windows. */
  highlight: kind.group,
  /** The editor watches what it has open. */
  watch: kind.flag,
};

/** The rest of g:etcd whose settings have a single kind. Most are only for the editor. */
const topKinds = { wait: kind.flag, node: kind.text, host: kind.host, columns: kind.columns, pretty: kind.patterns };

const topNames = ['profiles', 'timeout', 'validate', ...Object.keys(topKinds)];
const timeoutNames = ['read', 'write', 'list', 'complete'] satisfies (keyof Timeouts)[];
const secretNames = ['password', 'passphrase'];

/** One cluster: its address, the user, and what may be done there. File names are whole. */
export interface ProfileSettings extends Fields<typeof profileKinds> {
  endpoints: string[];
  /** From the environment. */
  discovery_srv?: string;
  /** From the environment. */
  password?: string;
}

/** What the editor has sent. None of it is checked. */
export interface Given extends Place {
  /** g:etcd. */
  settings: unknown;
  /** The variables of etcdctl. */
  environment: Environment;
}

export interface Settings {
  /** By name; '' is the default one. */
  profiles: Record<string, ProfileSettings>;
  /** What values must be, by a pattern of keys. */
  validate: Rules;
  /** Patterns of keys whose JSON is shown indented. */
  pretty: string[];
}

/** @throws EtcdError invalid_value, which names the setting or the variable, and never its value */
export function readSettings({ settings, environment, ...place }: Given): Settings {
  const set = dictionary('g:etcd', settings);
  checkNames('g:etcd', set, [...topNames, ...Object.keys(profileKinds), ...secretNames], 'is no setting');
  checkTimeouts(dictionary('g:etcd.timeout', set['timeout'] ?? {}));
  const { pretty = [] } = fieldsOf('g:etcd', set, topKinds, place);
  const validate = validateOf(dictionary('g:etcd.validate', set['validate'] ?? {}), place);
  const profiles: [string, ProfileSettings][] = [['', defaultProfile(set, environment, place)]];
  for (const [name, given] of Object.entries(dictionary('g:etcd.profiles', set['profiles'] ?? {}))) {
    profiles.push([name, namedProfile(name, given, place)]);
  }
  return { profiles: Object.fromEntries(profiles), validate, pretty };
}

function checkTimeouts(timeout: Record<string, unknown>): void {
  checkNames('g:etcd.timeout', timeout, timeoutNames, 'is no kind of command');
  for (const [name, ms] of Object.entries(timeout)) {
    check(`g:etcd.timeout.${name}`, Number.isInteger(ms) && Number(ms) > 0, 'must be a number of milliseconds, above 0');
  }
}

function validateOf(validate: Record<string, unknown>, place: Place): Rules {
  const rules = Object.entries(validate).map(([pattern, rule]): [string, Rule] => {
    const path = `g:etcd.validate['${pattern}']`;
    kind.pattern(path, pattern, place);
    if (rule === 'json' || rule === 'yaml' || rule === 'toml') return [pattern, rule];
    const isList = Array.isArray(rule) && rule.length > 0 && rule.every((item) => typeof item === 'string');
    check(path, isList, 'must be "json", "yaml", "toml", or a list: the program and its arguments');
    return [pattern, kind.command(path, rule, place)];
  });
  return Object.fromEntries(rules);
}

function namedProfile(name: string, given: unknown, place: Place): ProfileSettings {
  const path = `g:etcd.profiles.${name}`;
  check(path, /^\w[A-Za-z0-9_.-]*$/.test(name), 'cannot be a name: see :help etcd-address-canonical');
  check(path, name !== 'default', 'is at the top level of g:etcd');
  const set = dictionary(path, given);
  checkNames(path, set, [...Object.keys(profileKinds), ...secretNames], 'is no setting of a profile');
  const { endpoints = [], ...more } = profileOf(path, set, place);
  check(`${path}.endpoints`, endpoints.length > 0, 'is missing');
  return { endpoints, ...more };
}

function profileOf(path: string, set: Record<string, unknown>, place: Place): Fields<typeof profileKinds> {
  for (const name of secretNames) {
    const elsewhere = `does not belong into a vimrc; set ${name}_command or ${name}_file, or be asked for it`;
    check(`${path}.${name}`, !Object.hasOwn(set, name), elsewhere);
  }
  return fieldsOf(path, set, profileKinds, place);
}

/** The top level of g:etcd, overridden by the variables of etcdctl. */
function defaultProfile(set: Record<string, unknown>, environment: Environment, place: Place): ProfileSettings {
  for (const [name, value] of Object.entries(environment)) kind.text(`$${name}`, value, place);
  const vimrc = profileOf('g:etcd', set, place);
  const { endpoints, discoverySrv, insecureSkipVerify, dialTimeout, user, password, cacert, cert, key } = readVariables(environment);
  const files = Object.entries({ cacert, cert, key }).filter(([, name]) => name !== undefined);
  // If the environment names another user than the vimrc, the password of the vimrc is not theirs.
  const others = Object.fromEntries(Object.entries(vimrc).filter(([name]) => !name.startsWith('password_'))) as typeof vimrc;
  const isOther = password !== undefined || (user !== undefined && user !== (vimrc.user ?? ''));
  const profile = {
    ...(isOther ? others : vimrc),
    ...Object.fromEntries(files.map(([name, value]) => [name, kind.file(`$ETCDCTL_${name.toUpperCase()}`, value, place)])),
    ...(insecureSkipVerify !== undefined && { insecure_skip_verify: insecureSkipVerify }),
    ...(dialTimeout !== undefined && { dial_timeout: dialTimeout }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  };
  const known = endpoints ?? vimrc.endpoints;
  // etcdctl would look the cluster up. 127.0.0.1 may be another one.
  if (known === undefined && discoverySrv !== undefined) return { ...profile, endpoints: [], discovery_srv: discoverySrv };
  return { ...profile, endpoints: known ?? [DEFAULT_ENDPOINT] };
}
