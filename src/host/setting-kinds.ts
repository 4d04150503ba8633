/** What a setting may be, by kind. Each reader takes what the user wrote, and gives it in the form that we use, or refuses it by name. */
import { isAbsolute } from 'node:path';
import { EtcdError, parseDuration } from '../client/index.js';
import { nearest } from './near.js';
import type { KeyRule } from './rules.js';

/** What a text of the settings means in the editor that it comes from. */
export interface Place {
  /** The directory in which the editor works. */
  cwd: string;
  /** What `~`, `~name` and `$NAME` mean in the editor, for all that occur in the settings. */
  words: Readonly<Record<string, string>>;
}

/** @throws EtcdError invalid_value, which names `path` and never the value */
export type Kind<Value> = (path: string, value: unknown, place: Place) => Value;

/** A function, or anything else that JSON does not have, comes as null. Bytes that are not UTF-8 come as this (wire.vim). */
const BYTES = '\ufffd';

/** 1 counts as true, and 0 as false. */
export const flag: Kind<boolean> = (path, value) => {
  check(path, typeof value === 'boolean' || value === 0 || value === 1, 'must be true or false');
  return value === true || value === 1;
};

/** It must be UTF-8, and without NUL, because file names and arguments cannot hold that. */
export const text: Kind<string> = (path, value) => {
  check(path, typeof value === 'string', 'must be a text');
  check(path, !value.includes(BYTES), 'must be a text in UTF-8');
  check(path, !value.includes('\0'), 'cannot hold a NUL');
  return value;
};

/** A duration as in etcdctl, `5s` or `1m30s`; in ms. */
export const duration: Kind<number> = (path, value, place) => {
  const ms = parseDuration(text(path, value, place));
  check(path, ms !== undefined && ms > 0, 'must be a duration such as 5s or 1m30s');
  return ms;
};

/** A list of texts, which may be empty. */
export const texts: Kind<string[]> = (path, value, place) => {
  check(path, isTexts(value), 'must be a list of texts');
  return value.map((item) => text(path, item, place));
};

/** A program and its arguments. */
export const command: Kind<string[]> = (path, value, place) => {
  check(path, isTexts(value) && value.length > 0, 'must be a list: the program and its arguments');
  return texts(path, value, place);
};

/** A list, or a text with commas in between as in etcdctl. Superfluous commas do not count. */
export const endpoints: Kind<string[]> = (path, value, place) => {
  const split = (list: string): string[] => list.split(',').map((endpoint) => endpoint.trim());
  const list = texts(path, typeof value === 'string' ? split(value).filter((endpoint) => endpoint !== '') : value, place);
  // Not shown: what is before the "@" may be a password.
  check(path, !list.some((endpoint) => endpoint.includes('@')), 'cannot hold a user; set user and password_command');
  return list;
};

/** A highlight group. It becomes a part of a status line. */
export const group: Kind<string> = (path, value, place) => {
  const name = text(path, value, place);
  check(path, /^[A-Za-z_]\w*$/.test(name), 'must be the name of a highlight group');
  return name;
};

/** Which process runs Node: the plugin's own, or Neovim's host. */
export const host: Kind<string> = (path, value, place) => {
  const name = text(path, value, place);
  check(path, name === '' || name === 'remote', 'must be "remote", or not be set');
  return name;
};

/** A pattern of keys. An address is refused: as a pattern it would match no key, and protect none. */
export const pattern: Kind<string> = (path, value, place) => {
  const written = text(path, value, place);
  check(path, !/^etcd:/i.test(written), 'is a pattern of keys, and no address: it begins with what comes after "etcd:"');
  return written;
};

/** A list of patterns of keys. */
export const patterns: Kind<string[]> = (path, value, place) => texts(path, value, place).map((each) => pattern(path, each, place));

const COLUMNS = ['value', 'size', 'revision', 'version', 'ttl', 'age'];

/** The columns beside the names of a listing. */
export const columns: Kind<string[]> = (path, value, place) => {
  const names = texts(path, value, place);
  for (const [i, name] of names.entries()) {
    check(path, COLUMNS.includes(name), `may have ${COLUMNS.join(', ')}, not ${name}`);
    check(path, names.indexOf(name) === i, `has ${name} twice`);
  }
  return names;
};

/** The whole name of a file. `~` and `$NAME` mean what they mean in a shell. Nothing else is expanded. */
export const file: Kind<string> = (path, value, place) => {
  const named = text(path, value, place).replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g, (whole, plain?: string, braced?: string) => {
    return wordOf(place, `$${plain ?? braced ?? ''}`) ?? whole;
  });
  if (named === '') return '';
  const [home = ''] = /^~[^/]*/.exec(named) ?? [];
  const whole = (wordOf(place, home) ?? home) + named.slice(home.length);
  return isAbsolute(whole) ? whole : `${place.cwd}/${whole}`;
};

function wordOf({ words }: Place, word: string): string | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

const ruleFields = { keys: pattern, readonly: flag, confirm: flag, note: text };

/** The rules of a profile: which keys may be written, and what the user should know of them. */
export const rules: Kind<KeyRule[]> = (path, value, place) => {
  check(path, Array.isArray(value), 'must be a list of dictionaries');
  return value.map((rule: unknown, i) => {
    const at = `${path}[${i}]`;
    const own = dictionary(at, rule);
    checkNames(at, own, Object.keys(ruleFields), 'is no setting of a rule');
    const { keys = '', ...more } = fieldsOf(at, own, ruleFields, place);
    check(`${at}.keys`, keys !== '', 'is missing: a pattern of keys');
    return { keys, ...more };
  });
};

type Kinds = Readonly<Record<string, Kind<unknown>>>;
export type Fields<Of extends Kinds> = { [Name in keyof Of]?: ReturnType<Of[Name]> };

/** The settings of `kinds` that are set, each read by its kind. */
export function fieldsOf<Of extends Kinds>(path: string, set: Readonly<Record<string, unknown>>, kinds: Of, place: Place): Fields<Of> {
  const given = Object.entries(kinds).filter(([name]) => Object.hasOwn(set, name));
  return Object.fromEntries(given.map(([name, kind]) => [name, kind(`${path}.${name}`, set[name], place)])) as Fields<Of>;
}

/** An empty dictionary of Lua arrives as an empty list. */
export function dictionary(path: string, value: unknown): Record<string, unknown> {
  if (Array.isArray(value) && value.length === 0) return {};
  check(path, typeof value === 'object' && value !== null && !Array.isArray(value), 'must be a dictionary');
  return value as Record<string, unknown>;
}

/** Any name that is not `known` is a spelling mistake. */
export function checkNames(path: string, set: object, known: readonly string[], why: string): void {
  const unknown = Object.keys(set).filter((name) => !known.includes(name));
  const [first] = unknown.sort();
  if (first === undefined) return;
  const near = nearest(first, known);
  check(`${path}.${first}`, false, near === undefined ? why : `${why}; did you mean ${near}?`);
}

/** @throws EtcdError invalid_value if it is not `fine` */
export function check(path: string, fine: boolean, why: string): asserts fine {
  if (!fine) throw new EtcdError('invalid_value', `${path} ${why}`);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
