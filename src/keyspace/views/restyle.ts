/** New JSON in the style of the old one: whatever did not change keeps its white space. */
import { diffArrays } from 'diff';
import { tokensOf, type Token, type Tokens } from './tokens.js';

/** Up to so many changed tokens, the smallest change is looked for. More count as one replacement. */
const MOST_EDITS = 200;

/**
 * The tokens of `text`, exactly those, with the white space of `original`.
 * @param original, text valid JSON
 */
export function restyle(original: string, text: string): string {
  const [was, now] = [tokensOf(original), tokensOf(text).all];
  const from = sources(
    was.all.map((token) => token.text),
    now.map((token) => token.text),
  );
  const spaceAt = learn(was);
  const places = placesOf(now);
  const parts = now.flatMap((token, i) => {
    const source = from[i];
    const isInPlace = source !== undefined && (i === 0 ? source === 0 : from[i - 1] === source - 1);
    const space = i === 0 ? was.all[0]?.space : isInPlace ? was.all[source]?.space : undefined;
    return [space ?? spaceAt(places[i] ?? []), token.text];
  });
  return `${parts.join('')}${was.tail}`;
}

/** For each new token the old one that it is, or that it replaces; undefined: there was none. */
function sources(was: readonly string[], now: readonly string[]): (number | undefined)[] {
  let head = 0;
  while (head < Math.min(was.length, now.length) && was[head] === now[head]) head++;
  let tail = 0;
  const most = Math.min(was.length, now.length) - head;
  while (tail < most && was[was.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const [old, fresh] = [was.slice(head, was.length - tail), now.slice(head, now.length - tail)];
  const middle = between(old, fresh).map((source) => (source === undefined ? undefined : source + head));
  const end = Array.from({ length: tail }, (_, i) => was.length - tail + i);
  return [...Array.from({ length: head }, (_, i) => i), ...middle, ...end];
}

function between(was: readonly string[], now: readonly string[]): (number | undefined)[] {
  const changes = diffArrays([...was], [...now], { maxEditLength: MOST_EDITS });
  const from: (number | undefined)[] = [];
  let [index, out, into] = [0, 0, 0];
  // If tokens were replaced one for one, each new one takes the place of the old one.
  const settle = (): void => {
    for (let i = 0; i < into; i++) from.push(out === into ? index + i : undefined);
    index += out;
    [out, into] = [0, 0];
  };
  for (const { added, removed, count } of changes ?? [
    { added: false, removed: true, count: was.length },
    { added: true, removed: false, count: now.length },
  ]) {
    if (removed) out += count;
    else if (added) into += count;
    else {
      settle();
      for (let i = 0; i < count; i++) from.push(index++);
    }
  }
  settle();
  return from;
}

/** @returns a function: it goes through some places, and gives the usual white space of the first one that is known; '' if none is */
function learn({ all }: Tokens): (places: readonly string[]) => string {
  const counts = new Map<string, Map<string, number>>();
  const places = placesOf(all);
  for (const [i, { space }] of all.entries()) {
    for (const place of places[i] ?? []) {
      const seen = counts.get(place) ?? new Map<string, number>();
      counts.set(place, seen.set(space, (seen.get(space) ?? 0) + 1));
    }
  }
  const usual = new Map([...counts].map(([place, seen]) => [place, [...seen].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '']));
  return (wanted) => usual.get(wanted.find((place) => usual.has(place)) ?? '') ?? '';
}

/** The names of the place before each token, the most exact first. */
function placesOf(tokens: readonly Token[]): string[][] {
  const open: string[] = [];
  let before = '';
  return tokens.map(({ text }) => {
    const isClosing = text === '}' || text === ']';
    const container = isClosing ? open.pop() : open.at(-1);
    const pair = `${kindOf(before, '{[,:')}${kindOf(text, '}],:')}`;
    const names = [`${container ?? ''}${open.length}${pair}`, `${container ?? ''}${pair}`, pair];
    if (text === '{' || text === '[') open.push(text);
    before = text;
    return names;
  });
}

/** What kind of token it is. All plain values are of one kind. */
function kindOf(text: string, marks: string): string {
  return text.length === 1 && marks.includes(text) ? text : 'v';
}
