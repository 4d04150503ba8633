/** All rules over all scripts. */
import { cycles } from './cycles.js';
import { kindOnly } from './kind.js';
import {
  cpoSave,
  declarations,
  docstring,
  encoding,
  functionEnd,
  functionHead,
  functionLength,
  functionName,
  keyNames,
  layout,
  loadGuard,
} from './rules.js';
import { isHarness, parseScript, type Finding, type Script, type ScriptFile } from './script.js';
import { executed, forbiddenCalls } from './security.js';
import { comesBack } from './waits.js';
import { PUBLIC, referencesIn, undefinedFunctions, unused, type TextFile } from './usage.js';

const perFile: Record<string, (script: Script) => Finding[]> = {
  layout,
  functionLength,
  functionEnd,
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

export interface Problem extends Finding {
  file: string;
  rule: string;
}

/** @param texts other files that name functions: .ts, .lua, documentation */
export function lint(files: readonly ScriptFile[], texts: readonly TextFile[]): Problem[] {
  const scripts = files.map(parseScript);
  const shipped = scripts.filter(({ name }) => !isHarness(name));
  const open = new Set([
    ...shipped.filter(({ name }) => PUBLIC.includes(name)).flatMap(({ functions }) => functions.map(({ name }) => name)),
    ...texts.filter(({ name }) => !isHarness(name)).flatMap(({ text }) => referencesIn(text)),
  ]);
  const named = (rule: string, problems: readonly Omit<Problem, 'rule'>[]): Problem[] => problems.map((problem) => ({ rule, ...problem }));
  const each = (rule: string, check: (script: Script) => Finding[], some: readonly Script[]): Problem[] =>
    some.flatMap((script) => check(script).map((problem) => ({ rule, file: script.name, ...problem })));
  const problems = [
    ...Object.entries(perFile).flatMap(([rule, check]) => each(rule, check, scripts)),
    ...each('kindOnly', kindOnly, shipped),
    ...each('forbiddenCalls', forbiddenCalls, shipped),
    ...named('cycles', cycles(shipped)),
    ...named('executed', executed(shipped, open)),
    ...named('unused', unused(scripts, texts)),
    ...named('undefinedFunctions', undefinedFunctions(scripts, texts)),
  ];
  return problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
