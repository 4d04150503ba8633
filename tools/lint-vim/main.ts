/** Lints every Vim script of the repository: `file:line: message` for each problem, and status 1 if there is one. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lint } from './lint.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Kinds of files, besides Vim scripts, that may call an autoload function or document it. */
const NAMING = new Set(['.js', '.lua', '.md', '.ts', '.txt']);

/** Names of files below {folder}, relative to the repository, except what is installed, built or hidden. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || name === 'dist') return [];
    return entry.isDirectory() ? filesBelow(name) : entry.isFile() ? [name] : [];
  });
}

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const names = filesBelow('').sort();
const scripts = names
  .filter((name) => extname(name) === '.vim')
  .map((name) => ({ name, lines: read(name).replace(/\n$/, '').split('\n') }));
const texts = names.filter((name) => NAMING.has(extname(name))).map((name) => ({ name, text: read(name) }));

const problems = lint(scripts, texts);
for (const { file, line, message } of problems) console.log(`${file}:${line}: ${message}`);
if (problems.length === 0) console.log(`${scripts.length} Vim scripts: no problem`);
process.exitCode = problems.length === 0 ? 0 : 1;
