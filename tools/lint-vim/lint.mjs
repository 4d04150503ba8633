// All rules over all scripts.
import {
  cpoSave,
  declarations,
  docstring,
  encoding,
  functionHead,
  functionLength,
  functionName,
  keyNames,
  layout,
  loadGuard,
} from './rules.mjs';
import { isHarness, parseScript } from './script.mjs';
import { executed, forbiddenCalls } from './security.mjs';
import { comesBack } from './waits.mjs';
import { PUBLIC, referencesIn, undefinedFunctions, unused } from './usage.mjs';

const perFile = {
  layout,
  functionLength,
  functionHead,
  functionName,
  docstring,
  encoding,
  cpoSave,
  keyNames,
  loadGuard,
  declarations,
  comesBack,
};

/**
 * @param {{ name: string, lines: string[] }[]} files Vim scripts, by their name in the repository
 * @param {{ name: string, text: string }[]} texts what else names functions: .ts, .lua, documentation
 * @returns {{ file: string, line: number, rule: string, message: string }[]}
 */
export function lint(files, texts) {
  const scripts = files.map(parseScript);
  const shipped = scripts.filter(({ name }) => !isHarness(name));
  const open = new Set([
    ...shipped.filter(({ name }) => PUBLIC.includes(name)).flatMap(({ functions }) => functions.map(({ name }) => name)),
    ...texts.filter(({ name }) => !isHarness(name)).flatMap(({ text }) => referencesIn(text)),
  ]);
  const named = (rule, problems) => problems.map((problem) => ({ rule, ...problem }));
  const each = (rule, check, some) =>
    some.flatMap((script) => named(rule, check(script)).map((problem) => ({ file: script.name, ...problem })));
  const problems = [
    ...Object.entries(perFile).flatMap(([rule, check]) => each(rule, check, scripts)),
    ...each('forbiddenCalls', forbiddenCalls, shipped),
    ...named('executed', executed(shipped, open)),
    ...named('unused', unused(scripts, texts)),
    ...named('undefinedFunctions', undefinedFunctions(scripts, texts)),
  ];
  return problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
