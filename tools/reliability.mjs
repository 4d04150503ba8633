// Writes doc/reliability.md from what the rows of a full run of test/fault saw: a line for each row and server or editor.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../doc/reliability.md', import.meta.url));

const HEAD = `# Reliability

What was done to real servers, editors and processes, how often, and how often something came out other than it must: 0 is the only
pass. "Hit" counts how often the fault really met what is tested; "worst" is the longest that what is bounded took, in ms. Each row is a
test of \`test/fault/\`, which says what must hold, and which change of the product it catches. \`npm run test:fault\` writes this table.
`;

/**
 * @param {string} rows JSON lines, as test/fault/ledger.ts writes them
 * @param {import('./toolbox.mjs').Tools} tools
 */
export async function writeReliability(rows, tools) {
  const lines = rows
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    // They come as they end, and several files run at a time.
    .sort((one, other) => one.row.localeCompare(other.row));
  const versions = [...tools.etcds, ...tools.editors].map(({ name, version }) => `${name} is ${version}`).join(', ');
  const table = lines.map(
    ({ row, on, trials, hits, violations, worst }) =>
      `| ${row} | ${on} | ${trials} | ${hits} | ${violations} | ${worst > 0 ? worst : ''} |`,
  );
  const when = `\n${new Date().toISOString().slice(0, 10)}, Node ${process.version}; ${versions}.\n`;
  const columns = ['| row | on | trials | hit | violations | worst |', '|---|---|--:|--:|--:|--:|'];
  await writeFile(file, [HEAD + when, ...columns, ...table, ''].join('\n'));
}
