// Rows of samples as a table, and as JSON.
import { median, medianInterval, quantile } from './numbers.mjs';

/**
 * @typedef {object} Row
 * @property {string} measure
 * @property {string} editor
 * @property {number[]} ours ms
 * @property {number[]} floor ms
 * @property {number[]} [over] ours less floor, pair by pair, where the difference is what counts
 * @property {Record<string, number[]>} references
 * @property {{over: number} | {times: number, plus: number}} [target]
 */

const ms = (value) => value.toFixed(value < 100 ? 1 : 0);

/** What a row says: medians, the ratio, and whether the target is met. @param {Row} row */
export function summarize({ measure, editor, ours, floor, over, references, target }) {
  const [mine, bare] = [median(ours), median(floor)];
  const more = over ? median(over) : mine - bare;
  const interval = over && medianInterval(over);
  const limit = target && ('over' in target ? bare + target.over : bare * target.times + target.plus);
  return {
    measure,
    editor,
    samples: ours.length,
    ours: mine,
    oursQuartiles: [quantile(ours, 0.25), quantile(ours, 0.75)],
    floor: bare,
    floorQuartiles: [quantile(floor, 0.25), quantile(floor, 0.75)],
    ratio: mine / bare,
    over: more,
    ...(interval && { overInterval: interval }),
    references: Object.fromEntries(Object.entries(references).map(([name, values]) => [name, median(values)])),
    ...(target && { target: targetText(target), limit, verdict: judge(interval ?? [mine, mine], interval ? target.over : limit) }),
  };
}

/** Where the interval holds the limit, this run cannot tell. */
function judge([low, high], limit) {
  return high <= limit ? 'met' : low > limit ? 'MISSED' : 'unclear';
}

/** @param {ReturnType<typeof summarize>[]} rows @returns {string} Markdown, by measure and then by editor */
export function table(rows) {
  const head = ['measure', 'editor', 'ours', 'quartiles', 'floor', 'ratio', 'over', 'target', 'verdict', 'for comparison'];
  const measures = [...new Set(rows.map((row) => row.measure))];
  const cells = measures.flatMap((measure) => rows.filter((row) => row.measure === measure).map(line));
  const widths = head.map((title, at) => Math.max(...[head, ...cells].map((row) => row[at].length), title.length));
  const text = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  return [text(head), text(widths.map((width) => '-'.repeat(width))), ...cells.map(text)].join('\n');
}

function line(row) {
  return [
    row.measure,
    row.editor,
    ms(row.ours),
    row.oursQuartiles.map(ms).join('–'),
    ms(row.floor),
    row.ratio.toFixed(2),
    row.overInterval ? `${row.over.toFixed(2)} (${row.overInterval.map((end) => end.toFixed(2)).join('…')})` : row.over.toFixed(1),
    row.target ? `${row.target} = ${ms(row.limit)}` : '',
    row.verdict ?? '',
    Object.entries(row.references)
      .map(([name, value]) => `${name} ${value < 1 ? value.toFixed(2) : ms(value)}`)
      .join('; '),
  ];
}

function targetText(target) {
  if (target.times === 0) return `<= ${target.plus}`;
  return 'over' in target ? `adds <= ${target.over}` : `<= ${target.times} x floor${target.plus ? ` + ${target.plus}` : ''}`;
}
