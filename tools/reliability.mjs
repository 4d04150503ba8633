// Writes into doc/reliability.md what the rows of test/fault saw: a line for each row and server or editor.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../doc/reliability.md', import.meta.url));

const HEAD = `# Reliability

What was done to real servers, editors and processes, how often, and how often something came out other than it must: 0 is the only
pass. "Hit" counts how often the fault really met what is tested; "worst" is the longest that what is bounded took, in ms. Each row is a
test of \`test/fault/\`, which says what must hold, and which change of the product it catches. \`npm run test:fault\` writes this table;
\`npm run test:fault -- FILE\` writes the lines of one file.
`;

const COLUMNS = ['| row | on | trials | hit | violations | worst | on the day |', '|---|---|--:|--:|--:|--:|---|'];

/**
 * @param {string} rows JSON lines, as test/fault/ledger.ts writes them
 * @param {import('./toolbox.mjs').Tools} tools
 * @param {boolean} whole nothing of the old table is kept; if false, the lines that were not measured are kept
 */
export async function writeReliability(rows, tools, whole) {
  const day = new Date().toISOString().slice(0, 10);
  const lines = whole ? new Map() : linesOf(await readFile(file, 'utf8'));
  for (const text of rows.trim().split('\n')) {
    const { row, on, trials, hits, violations, worst } = JSON.parse(text);
    lines.set(`${row} | ${on}`, `${trials} | ${hits} | ${violations} | ${worst > 0 ? worst : ''} | ${day}`);
  }
  const versions = [...tools.etcds, ...tools.editors].map(({ name, version }) => `${name} is ${version}`).join(', ');
  // Rows come as they end, and several files run at a time.
  const table = [...lines].map(([name, seen]) => `| ${name} | ${seen} |`).sort();
  await writeFile(file, [`${HEAD}\nNode ${process.version}; ${versions}.\n`, ...COLUMNS, ...table, ''].join('\n'));
}

/**
 * @param {string} document
 * @returns {Map<string, string>} what was seen, by `row | on`
 */
function linesOf(document) {
  const cells = [...document.matchAll(/^\| ([a-z][^|]*? \| [a-z0-9]+) \| (\d.*) \|$/gm)];
  return new Map(cells.map(([, name = '', seen = '']) => [name, seen]));
}
