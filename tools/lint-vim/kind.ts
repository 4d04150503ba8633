/** The rule about b:etcd: only one file writes it, so that the table of kinds in it tells what a buffer may hold. */
import type { Finding, Script } from './script.js';

const OWNER = 'autoload/etcd/buffer/kind.vim';
const ITSELF = String.raw`b:etcd(?!\w)`;
/** b:etcd as an expression, and not a copy of it. */
const REFERENCE = String.raw`(?:${ITSELF}|getbufvar\([^()]*(?:\([^()]*\)[^()]*)*,\s*'etcd'(?:,\s*\{\})?\)|get\(b:,\s*'etcd'(?:,\s*\{\})?\))`;
const CHANGES = String.raw`\b(?:extend|filter|map|remove)\(\s*`;
const ALIAS = new RegExp(String.raw`\blet\s+(\w+)\s*=\s*${REFERENCE}\s*$`);
const WRITES = [
  // The target of a :let, alone or in a list of targets.
  new RegExp(String.raw`\blet\s+(?:\[[^=]*)?${ITSELF}[^=]*[^=!<>]=(?![=~])`),
  new RegExp(String.raw`\b(?:unlet!?|lockvar!?)\s[^|]*${ITSELF}`),
  /\bsetbufvar\([^,]*(?:\([^()]*\))?[^,]*,\s*'etcd'/,
  new RegExp(CHANGES + REFERENCE),
];

/** b:etcd is assigned, changed and removed only in its own file, also through a variable that stands for it. */
export function kindOnly({ name, statements }: Script): Finding[] {
  if (name === OWNER) return [];
  const problems: Finding[] = [];
  let inside: Script['statements'][number]['inside'];
  let aliases = new Set<string>();
  for (const { line, text, inside: own } of statements) {
    if (own !== inside) [inside, aliases] = [own, new Set<string>()];
    const alias = ALIAS.exec(text)?.[1];
    if (alias) aliases.add(alias);
    if (WRITES.some((write) => write.test(text)) || [...aliases].some((variable) => isChanged(variable, text)))
      problems.push({ line, message: `b:etcd is written in ${OWNER} alone` });
  }
  return problems;
}

function isChanged(variable: string, text: string): boolean {
  return new RegExp(String.raw`\blet\s+${variable}(?:\.\w|\[)|${CHANGES}${variable}\b`).test(text);
}
