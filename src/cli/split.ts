/** `-s` splits words as `env -S` does (GNU coreutils), because a `#!` line gives everything after the program as one argument. */
import { failure } from './failure.js';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', _: ' ' };

/**
 * @param environment for `${NAME}`
 * @throws Failure for a quote without an end
 */
export function splitWords(text: string, environment: Readonly<Record<string, string | undefined>>): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const rest = text.slice(at);
    const variable = quote === "'" ? undefined : /^\$\{([A-Za-z_]\w*)\}/.exec(rest);
    if (character === quote) quote = '';
    else if (quote === '' && /["']/.test(character)) [quote, word] = [character, word ?? ''];
    else if (variable) [word, at] = [(word ?? '') + (environment[variable[1] as string] ?? ''), at + variable[0].length - 1];
    else if (character === '\\' && at + 1 < text.length) [word, at] = [(word ?? '') + unescaped(text[at + 1] as string, quote), at + 1];
    else if (quote === '' && /[ \t\r\n\f\v]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw failure(`a ${quote} has no end in the words of -s`);
  return word === undefined ? words : [...words, word];
}

function unescaped(character: string, quote: string): string {
  if (quote === "'") return character === "'" || character === '\\' ? character : `\\${character}`;
  return ESCAPES[character] ?? character;
}
