/** Where a text comes from: follows an expression through variables, parameters and results, over all scripts. */
import type { Func, Script } from './script.js';
import { callArguments, closing, isOp, listed, outcomes, sideBySide, split, textOf, type Token } from './tokens.js';

/** What an expression can hold. */
export interface Verdict {
  /** plain: our own literals and numbers; escaped: also foreign text, made harmless; foreign: anything else. */
  level: 'plain' | 'escaped' | 'foreign';
  /** What is foreign. */
  culprit?: string;
}

export interface Place {
  script: Script;
  inside: Func | undefined;
}

export interface Flow {
  scripts: readonly Script[];
  /** Functions that anybody may call, with anything. */
  open: Set<string>;
  /** Functions whose result is harmless at the place where the text goes. */
  escapes: Set<string>;
}

/** Known to be harmless: numbers and constants. `v:cmdarg` and `<mods>` are words that Vim has parsed. */
const KNOWN = new Set(
  'v:cmdarg v:cmdbang v:count v:count1 v:true v:false v:null &wildchar <bang> <count> <line1> <line2> <q-mods> <mods> <SID>'.split(' '),
);
/** Functions whose result is a number, or a list of numbers. */
const NUMERIC = new Set(
  ['bufnr bufwinid bufwinnr col count exists float2nr getpid has index len line localtime match max min range str2nr stridx strlen']
    .concat('strridx tabpagenr win_getid winnr')
    .flatMap((words) => words.split(' ')),
);
/** Functions whose result is made only of their arguments. */
const PURE = new Set(
  'copy get items join keys nr2char printf reverse sort split strpart substitute tolower toupper trim values'.split(' '),
);
/** Those among them that leave escaped text unchanged. */
const KEEPS_ESCAPES = new Set(['copy', 'join', 'printf', 'reverse', 'sort']);
const COMPARISON = /^(?:[=!][=~]|[<>]=?|\|\||&&|is|isnot)[#?]?$/;
const ASSIGNMENT = ['=', '.=', '..=', '+=', '-=', '*=', '/=', '%='];

const PLAIN: Verdict = { level: 'plain' };
const ESCAPED: Verdict = { level: 'escaped' };

/**
 * @param tokens one expression, or several side by side
 * @param place where the expression stands
 * @param asked what is already being judged, and adds nothing to its own answer
 */
export function judge(flow: Flow, tokens: readonly Token[], place: Place, asked: readonly string[] = []): Verdict {
  const all = (parts: readonly Token[][]): Verdict => worst(parts.map((part) => judge(flow, part, place, asked)));
  const operands = sideBySide(tokens);
  if (operands.length > 1) return all(operands);
  const either = outcomes(tokens);
  if (either) return all(either);
  if (split(tokens, (token) => COMPARISON.test(token.text) && token.kind !== 'string').length > 1) return PLAIN;
  const terms = split(tokens, (token, index) => index > 0 && isOp(token, '.', '..', '+', '-', '*', '/', '%', '??'));
  if (terms.length > 1) return all(terms);
  if (isOp(tokens[0], '!')) return PLAIN;
  const term = isOp(tokens[0], '-', '+') ? tokens.slice(1) : tokens;
  const inner = term.slice(1, -1);
  if (spans(term, 0, '(')) return judge(flow, inner, place, asked);
  if (spans(term, 0, '[')) return all(listed(inner));
  if (spans(term, 0, '{')) return isLambda(inner) ? PLAIN : all(listed(inner).flatMap((pair) => split(pair, (token) => isOp(token, ':'))));
  if (term.length < 2) return judgeWord(flow, term[0], place, asked);
  if (spans(term, 1, '(')) return judgeCall(flow, term[0]?.text ?? '', callArguments(term, 0) ?? [], place, asked);
  const from = term.findLastIndex((token, index) => spans(term, index, '['));
  return from > 0 && all([term.slice(0, from)]).level === 'plain' ? PLAIN : foreign(textOf(term));
}

function judgeWord(flow: Flow, word: Token | undefined, place: Place, asked: readonly string[]): Verdict {
  if (!word || word.kind === 'string' || word.kind === 'number' || KNOWN.has(word.text)) return PLAIN;
  const name = word.text.replace(/^l:/, '');
  const { script, inside } = place;
  const scope = name.startsWith('s:') ? undefined : inside;
  const key = `${script.name} ${scope?.name ?? ''} ${name}`;
  if (asked.includes(key)) return PLAIN;
  if (name.startsWith('a:')) return judgeParameter(flow, name.slice(2), place, [...asked, key]);
  if (word.kind !== 'name' || /^[bgtvw]:|\./.test(name)) return foreign(name);
  const verdicts = script.statements
    .filter((statement) => name.startsWith('s:') || statement.inside === scope)
    .flatMap(({ commands, inside: from }) =>
      commands
        .flatMap((command) => assigned(name, command))
        .map((tokens) => judge(flow, tokens, { script, inside: from }, [...asked, key])),
    );
  return verdicts.length === 0 ? foreign(name) : worst(verdicts);
}

function judgeCall(flow: Flow, name: string, values: readonly Token[][], place: Place, asked: readonly string[]): Verdict {
  if (flow.escapes.has(name)) return ESCAPED;
  if (NUMERIC.has(name)) return PLAIN;
  if (PURE.has(name)) {
    const verdict = worst(values.map((value) => judge(flow, value, place, asked)));
    return verdict.level === 'escaped' && !KEEPS_ESCAPES.has(name) ? foreign(`${name}() of escaped text`) : verdict;
  }
  for (const script of name.startsWith('s:') ? [place.script] : flow.scripts) {
    const inside = script.functions.find((candidate) => candidate.name === name);
    const key = `${script.name} ${name}()`;
    if (asked.includes(key)) return PLAIN;
    if (inside) return worst(returned(script, inside).map((tokens) => judge(flow, tokens, { script, inside }, [...asked, key])));
  }
  return foreign(`${name}()`);
}

/** What all callers pass. It is foreign if the function may be called from outside, or by name. */
function judgeParameter(flow: Flow, name: string, { script, inside }: Place, asked: readonly string[]): Verdict {
  const index = inside?.parameters.indexOf(name) ?? -1;
  if (!inside || index < 0 || flow.open.has(inside.name)) return foreign(`a:${name}`);
  const byName = new RegExp(`(?<!\\w)${inside.name.replace('s:', '(?:s:|<SID>)')}\\b`);
  const verdicts: Verdict[] = [];
  for (const caller of inside.name.startsWith('s:') ? [script] : flow.scripts) {
    for (const { tokens, line, inside: from } of caller.statements) {
      const where = `${caller.name}:${line}`;
      for (const [at, token] of tokens.entries()) {
        const values = token.text === inside.name ? callArguments(tokens, at) : undefined;
        const value = values?.[index];
        if (!values && (token.text === inside.name || (token.kind === 'string' && byName.test(token.text)))) {
          verdicts.push(foreign(`a:${name}, unknown in ${where}`));
        } else if (value) {
          const { level, culprit } = judge(flow, value, { script: caller, inside: from }, asked);
          verdicts.push(culprit ? foreign(`a:${name}, in ${where} ${culprit}`) : { level });
        }
      }
    }
  }
  return verdicts.length === 0 ? foreign(`a:${name}`) : worst(verdicts);
}

function returned(script: Script, inside: Func): Token[][] {
  const commands = script.statements.filter((statement) => statement.inside === inside).flatMap((statement) => statement.commands);
  return commands.filter(([head]) => head?.text === 'return').map((command) => command.slice(1));
}

/** The expressions that {command} puts into the variable {name}. */
function assigned(name: string, command: readonly Token[]): Token[][] {
  const added = command.flatMap((token, at) => {
    const [target = [], ...values] = /^(add|extend|insert)$/.test(token.text) ? (callArguments(command, at) ?? [[]]) : [[]];
    return textOf(target) === name ? values : [];
  });
  const head = command[0]?.text ?? '';
  const isLoop = head === 'for';
  if (!isLoop && !/^(let|const)$/.test(head)) return added;
  const [target = []] = split(command.slice(1), (token) => (isLoop ? token.text === 'in' : isOp(token, ...ASSIGNMENT)));
  const value = command.slice(target.length + 2);
  const rows = isLoop && spans(target, 0, '[') && spans(value, 0, '[') ? listed(value.slice(1, -1)) : [value];
  return [...added, ...rows.flatMap((row) => received(name, target, row))];
}

/** What {name} gets in `let target = value`. */
function received(name: string, target: readonly Token[], value: Token[]): Token[][] {
  const [first, ...rest] = target;
  if (first?.text === name || first?.text.startsWith(`${name}.`)) return rest.length === 0 ? [value] : [rest, value];
  if (!spans(target, 0, '[')) return [];
  const index = listed(target.slice(1, -1)).findIndex((part) => textOf(part) === name);
  if (index < 0) return [];
  const isPairwise = spans(value, 0, '[') && !target.some((token) => isOp(token, ';'));
  return [(isPairwise ? listed(value.slice(1, -1))[index] : undefined) ?? value];
}

/** Whether the bracket at {index} encloses all that follows. */
function spans(tokens: readonly Token[], index: number, bracket: string): boolean {
  return isOp(tokens[index], bracket) && closing(tokens, index) === tokens.length - 1;
}

function isLambda(inner: readonly Token[]): boolean {
  const arrow = inner.findIndex((token) => isOp(token, '->'));
  return arrow >= 0 && inner.slice(0, arrow).every((token) => token.kind === 'name' || isOp(token, ',', '.'));
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ level }) => level === 'foreign') ?? verdicts.find(({ level }) => level === 'escaped') ?? PLAIN;
}

function foreign(culprit: string): Verdict {
  return { level: 'foreign', culprit };
}
