// Writes doc/fidelity.md from vitest's report of a matrix run: a row for each test of `fidelity: …`, a column for each editor.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const HEAD = `# Fidelity

What works on a file works on an address. Each row is a test of \`test/editor/fidelity/\`, run in each editor against a real etcd;
\`npm run test:matrix\` writes this table. ● holds, ✗ fails, – cannot be had in that editor, for the reason that the row names.
What had to be decided is in \`:help etcd-fidelity\`.
`;

const MARKS = { passed: '●', failed: '✗' };

/**
 * @param {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} report
 * @returns {Promise<number>} rows written; none where the report has no fidelity test
 */
export async function writeFidelity(report) {
  /** @type {Map<string, Map<string, Map<string, string>>>} */
  const parts = new Map();
  const editors = new Set();
  for (const { assertionResults } of report.testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const match = /^fidelity: (.*) \('?([^')]*)'?\)$/.exec(ancestorTitles[0] ?? '');
      if (!match) continue;
      const [, part, editor] = match;
      editors.add(editor);
      if (!parts.has(part)) parts.set(part, new Map());
      const rows = parts.get(part);
      if (!rows.has(title)) rows.set(title, new Map());
      rows.get(title).set(editor, MARKS[status] ?? '–');
    }
  }
  const columns = [...editors].sort();
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  const tables = [...parts].sort().map(([part, rows]) => {
    const lines = [...rows].map(
      ([title, marks]) => `| ${cell(title)} | ${columns.map((editor) => marks.get(editor) ?? '–').join(' | ')} |`,
    );
    return [`\n## ${part}\n`, `| | ${columns.join(' | ')} |`, `|---|${columns.map(() => ':-:').join('|')}|`, ...lines, ''].join('\n');
  });
  if (tables.length > 0) await writeFile(`${root}doc/fidelity.md`, HEAD + tables.join(''));
  return [...parts.values()].reduce((sum, rows) => sum + rows.size, 0);
}
