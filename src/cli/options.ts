/** The command line -> what to do. Variables are the second source of a flag: `-key` and ETCDENV_KEY. */
import { keyOf, openSecret, parseDuration, readEnvironment, type ClusterSettings, type Environment, type Key } from '../client/index.js';
import { formats } from '../env/formats/index.js';
import type { Choice } from '../env/variables.js';
import { failure } from './failure.js';
import { parseFlags, type Flags } from './flags.js';
import { splitWords } from './split.js';
import { checkTogether } from './together.js';
import { readWatchPlan, type WatchPlan } from './watch-options.js';

const KINDS = {
  ...({ key: 'value', host: 'value', r: 'switch', path: 'switch', s: 'switch', prefix: 'value' } as const),
  ...({ 'no-upcase': 'switch', 'raw-names': 'switch', only: 'value', except: 'value', require: 'value', set: 'value' } as const),
  ...({ keep: 'switch', pristine: 'switch', i: 'switch', pass: 'value', allow: 'value', strict: 'switch' } as const),
  ...({ format: 'value', o: 'value', a: 'switch', explain: 'switch', timeout: 'value', fallback: 'switch' } as const),
  ...({ cache: 'value', 'max-age': 'value', 'allow-empty': 'switch', cacert: 'value', cert: 'value', 'tls-key': 'value' } as const),
  ...({ 'server-name': 'value', 'insecure-skip-tls-verify': 'switch', user: 'value' } as const),
  ...({ watch: 'switch', wait: 'value', splay: 'value', 'on-change': 'value', restart: 'value' } as const),
  ...({ 'kill-signal': 'value', 'kill-timeout': 'value', 'reload-signal': 'value' } as const),
  ...({ lock: 'value', slots: 'value', 'ready-after': 'value', ready: 'value' } as const),
  ...({ 'password-file': 'value', 'password-command': 'value', help: 'switch', h: 'switch', version: 'switch' } as const),
} as const;
type Flag = keyof typeof KINDS;

export interface Options {
  show?: 'help' | 'version';
  cluster: ClusterSettings;
  keys: Key[];
  /** ms. */
  timeout: number;
  mayBeEmpty: boolean;
  choice: Choice;
  strict: boolean;
  require: string[];
  set: [name: string, value: string][];
  /** What the command gets of our own environment. */
  inherit: { keep: boolean; pristine: boolean; pass: string[] };
  print: { format: string; file?: string; all: boolean; explain: boolean };
  away: { fallback: boolean; cache?: string; maxAge?: number };
  watch?: WatchPlan;
  /** The command and its arguments; empty: print. */
  command: string[];
}

/** @throws Failure, EtcdError invalid_value of a variable */
export function readOptions(argv: readonly string[], environment: Environment): Options {
  const isSplit = /^--?s\s/.test(argv[0] ?? '');
  const args = isSplit ? [...splitWords(argv[0] as string, environment), ...argv.slice(1)] : argv;
  const { flags, rest } = parseFlags<Flag>(args, KINDS);
  checkTogether(flags, rest.length > 0);
  const is = (flag: Flag): boolean => last(flags, flag) === 'true';
  const { settings, commandTimeout } = readEnvironment(environment);
  const host = last(flags, 'host') ?? (environment['ETCDENV_HOST'] || undefined);
  const file = last(flags, 'o');
  const cache = last(flags, 'cache');
  const maxAge = durationOf(flags, 'max-age');
  return {
    ...((is('help') || is('h')) && { show: 'help' }),
    ...(is('version') && { show: 'version' }),
    cluster: clusterOf(flags, host === undefined ? settings : { ...settings, endpoints: host.split(',') }),
    keys: keysOf(flags, environment),
    timeout: durationOf(flags, 'timeout') ?? commandTimeout ?? 5000,
    mayBeEmpty: is('allow-empty'),
    choice: choiceOf(flags),
    strict: is('strict'),
    require: list(flags, 'require'),
    set: (flags.get('set') ?? []).map(assignment),
    inherit: { keep: is('keep'), pristine: is('pristine') || is('i'), pass: list(flags, 'pass') },
    print: { format: formatOf(flags), ...(file !== undefined && { file }), all: is('a'), explain: is('explain') },
    away: { fallback: is('fallback'), ...(cache !== undefined && { cache }), ...(maxAge !== undefined && { maxAge }) },
    ...(is('watch') && { watch: readWatchPlan((flag) => last(flags, flag as Flag)) }),
    command: rest,
  };
}

function last(flags: Flags<Flag>, flag: Flag): string | undefined {
  return flags.get(flag)?.at(-1);
}

/** The values of a flag that may be given more than once, and may hold several with commas. */
function list(flags: Flags<Flag>, flag: Flag): string[] {
  return (flags.get(flag) ?? []).flatMap((text) => text.split(',')).filter((item) => item !== '');
}

function keysOf(flags: Flags<Flag>, environment: Environment): Key[] {
  const given = list(flags, 'key');
  const texts = given.length > 0 ? given : (environment['ETCDENV_KEY'] ?? '').split(',').filter((text) => text !== '');
  return (texts.length > 0 ? texts : ['/']).map(keyOf);
}

function choiceOf(flags: Flags<Flag>): Choice {
  const is = (flag: Flag): boolean => last(flags, flag) === 'true';
  return {
    depth: is('path') ? 'path' : is('r') ? 'last' : 'children',
    style: { prefix: last(flags, 'prefix') ?? '', upcase: !is('no-upcase'), raw: is('raw-names') },
    only: list(flags, 'only'),
    except: list(flags, 'except'),
    allow: list(flags, 'allow'),
  };
}

function clusterOf(flags: Flags<Flag>, settings: ClusterSettings): ClusterSettings {
  const [cacert, cert, key, serverName] = (['cacert', 'cert', 'tls-key', 'server-name'] as const).map((flag) => last(flags, flag));
  const skip = last(flags, 'insecure-skip-tls-verify');
  const user = last(flags, 'user') ?? settings.credentials?.user;
  const file = last(flags, 'password-file');
  const command = last(flags, 'password-command');
  const isTheirs = user === settings.credentials?.user && file === undefined && command === undefined;
  const own = { ...(file !== undefined && { file }), ...(command !== undefined && { command: splitWords(command, {}) }) };
  const password = isTheirs ? settings.credentials?.password : openSecret({ what: 'password', ...own });
  return {
    ...settings,
    ...(user !== undefined && password && { credentials: { user, password } }),
    tls: {
      ...settings.tls,
      ...(cacert !== undefined && { cacert }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(serverName !== undefined && { serverName }),
      ...(skip !== undefined && { insecureSkipVerify: skip === 'true' }),
    },
  };
}

function durationOf(flags: Flags<Flag>, flag: Flag): number | undefined {
  const text = last(flags, flag);
  const ms = text === undefined ? undefined : parseDuration(text);
  if (text !== undefined && (ms === undefined || ms <= 0)) throw failure(`-${flag} must be a duration such as 5s or 1m30s`);
  return ms;
}

function formatOf(flags: Flags<Flag>): string {
  const format = last(flags, 'format') ?? 'env';
  if (!Object.hasOwn(formats, format)) throw failure(`there is no format ${format}`, `there are ${Object.keys(formats).join(', ')}`);
  return format;
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw failure('-set must be NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}
