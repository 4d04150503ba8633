/** Writes doc/fidelity.md from vitest's report of a matrix run: a row for each test of `fidelity: …`, a column for each editor. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const HEAD = `# Fidelity

What works on a file works on an address. Each row is a test of \`test/editor/fidelity/\`, run in each editor against a real etcd;
\`npm run test:matrix\` writes this table. ● holds, ✗ fails, ? has not run, – cannot be had, for the reason below the table.
What had to be decided is in \`:help etcd-fidelity\`.
`;

const MARKS: Record<string, string> = { passed: '●', failed: '✗' };
/** What cannot() of test/editor/editors.ts adds to a title. */
const REASON = /^(.*) \(– (.*)\)$/s;

interface Cell {
  mark: string;
  reason: string | undefined;
}

/** By editor. */
type Cells = Map<string, Cell>;
/** By the title of the test. */
type Rows = Map<string, Cells>;

export interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[];
}

/** @returns how many rows were written; 0 if the report has no fidelity test */
export async function writeFidelity(report: Report): Promise<number> {
  const parts = collect(report);
  if (parts.size > 0) await writeFile(`${root}doc/fidelity.md`, tables(report));
  return [...parts.values()].reduce((sum, rows) => sum + rows.size, 0);
}

/** The text of doc/fidelity.md. */
export function tables(report: Report): string {
  const parts = collect(report);
  const editors = [...new Set([...parts.values()].flatMap((rows) => [...rows.values()].flatMap((cells) => [...cells.keys()])))].sort();
  return (
    HEAD +
    [...parts]
      .sort()
      .map(([part, rows]) => table(part, rows, editors))
      .join('')
  );
}

function collect({ testResults }: Report): Map<string, Rows> {
  const parts = new Map<string, Rows>();
  for (const { ancestorTitles, title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const match = ancestorTitles.map((it) => /^fidelity: (.*) \('?([^')]*)'?\)$/.exec(it)).find(Boolean);
    if (!match) continue;
    const [, part = '', editor = ''] = match;
    const [, row = '', reason] = REASON.exec(title) ?? [title, title];
    // Something impossible may have a test, which shows that it is still impossible.
    const mark = reason !== undefined && status !== 'failed' ? '–' : (MARKS[status] ?? '?');
    const rows = parts.get(part) ?? new Map<string, Cells>();
    const cells = rows.get(row) ?? new Map<string, Cell>();
    parts.set(part, rows.set(row, cells.set(editor, { mark, reason })));
  }
  return parts;
}

function table(part: string, rows: Rows, editors: readonly string[]): string {
  const escaped = (text: string): string =>
    text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  const lines = [...rows].map(
    ([row, cells]) => `| ${escaped(row)} | ${editors.map((editor) => cells.get(editor)?.mark ?? '?').join(' | ')} |`,
  );
  const head = [`\n## ${part}\n`, `| | ${editors.join(' | ')} |`, `|---|${editors.map(() => ':-:').join('|')}|`];
  const notes = [...rows].flatMap(([row, cells]) => explained(cells).map((reason) => `- – ${escaped(row)}: ${escaped(reason)}`));
  return [...head, ...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

/** Why not. Each reason comes once, with its editors if it is not about all of them. */
function explained(cells: Cells): string[] {
  const reasons = new Set([...cells.values()].flatMap(({ reason }) => reason ?? []));
  return [...reasons].map((reason) => {
    const where = [...cells].filter(([, cell]) => cell.reason === reason).map(([editor]) => editor);
    return where.length === cells.size ? reason : `${reason} (${where.sort().join(', ')})`;
  });
}
