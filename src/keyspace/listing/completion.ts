/**
 * What can follow the beginning of an address. Every candidate continues what was typed, character by character. Only `?rev=N` stays at
 * the end.
 */
import { decodeSegments, encodeSegments, parseAddress } from '../address.js';
import type { Level, LevelRequest } from './level.js';

export interface Completion {
  /** What was typed, up to and including the last '/' (or the scheme). All candidates begin with it. */
  stem: string;
  /** What may stand after the stem; a prefix ends in '/'. */
  names: string[];
  /** There are more than were asked for. */
  more: boolean;
}

/**
 * @param text the beginning of an address, as typed
 * @param list gives one level of the cluster of a profile
 * @param max names at the most
 * @param short the profile that short forms mean
 * @throws EtcdError
 */
export async function completeAddress(text: string, profiles: readonly string[], list: List, max: number, short = ''): Promise<Completion> {
  // Nothing follows the revision of an address of the past: such an address continues before it.
  const [address, query] = splitQuery(text);
  if (query !== '') return inThePast(await completeAddress(address, profiles, past(list, query), max, short), query);
  const inAuthority = /^etcd:\/\/([^/]*)$/.exec(text);
  if (inAuthority) {
    const names = ['', ...profiles].map((profile) => `${profile}/`).filter((name) => name.startsWith(inAuthority[1] as string));
    return { stem: 'etcd://', names, more: false };
  }
  const slash = text.lastIndexOf('/');
  const stem = slash < 0 ? 'etcd:' : text.slice(0, slash + 1);
  const typed = text.slice(stem.length);
  const partial = decodeSegments(typed);
  const { profile, key: prefix } = parseAddress(stem, short);
  const level = await list(profile, { prefix, partial, max });
  // '' is the key that equals the prefix: its address has no slash at the end. A '/' after an explicit './' has another address.
  const continuing = level.names.filter((name) => name !== '' && !(name === '/' && stem.endsWith('/./')));
  const names = continuing.map((name) => typed + encodeSegments(name.slice(partial.length)));
  return { stem, names, more: level.more };
}

function splitQuery(text: string): [address: string, query: string] {
  const match = /^([^?]*)(\?rev=[1-9]\d*)$/.exec(text);
  return match ? [match[1] as string, match[2] as string] : [text, ''];
}

type List = (profile: string, request: LevelRequest) => Promise<Level>;

function past(list: List, query: string): List {
  return (profile, request) => list(profile, { ...request, revision: query.slice('?rev='.length) });
}

function inThePast({ stem, names, more }: Completion, query: string): Completion {
  return { stem, names: names.map((name) => name + query), more };
}
