/** Renders a terminal screen, as `tmux capture-pane -e -p` prints it, as a self-contained SVG. */

const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const TITLE_HEIGHT = 32;
const MARGIN = 12;
const FOREGROUND = '#d0d0d0';
const BACKGROUND = '#1c1c1c';
const FRAME = '#2b2b2b';
const FONTS = "ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace";
const BASIC = [
  ...['#1c1c1c', '#d75f5f', '#87af87', '#d7af5f', '#5f87af', '#af87af', '#5f8787', '#9e9e9e'],
  ...['#767676', '#ff8787', '#afd7af', '#ffd787', '#87afd7', '#d7afd7', '#87afaf', '#ffffff'],
];

interface Style {
  fg: string | undefined;
  bg: string | undefined;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  reverse: boolean;
}

interface Cell {
  text: string;
  style: Style;
}

/** Neighbours with the same style, joined. */
interface Run extends Cell {
  x: number;
}

const PLAIN: Style = { fg: undefined, bg: undefined, bold: false, dim: false, italic: false, underline: false, reverse: false };

/** The SGR parameters that are not about colours. */
const ATTRIBUTES: Record<number, Partial<Style>> = {
  0: PLAIN,
  ...{ 1: { bold: true }, 2: { dim: true }, 3: { italic: true }, 4: { underline: true }, 7: { reverse: true } },
  ...{ 22: { bold: false, dim: false }, 23: { italic: false }, 24: { underline: false }, 27: { reverse: false } },
  ...{ 39: { fg: undefined }, 49: { bg: undefined } },
};

export interface Screen {
  columns: number;
  /** Single-width characters and SGR sequences. */
  rows: readonly string[];
  cursor?: { x: number; y: number };
}

/**
 * @param title stands in the frame
 * @param label says in words what is to be seen
 * @returns the SVG
 */
export function renderScreen({ columns, rows, cursor }: Screen, title: string, label: string): string {
  const width = columns * CELL.width + 2 * MARGIN;
  const height = rows.length * CELL.height + TITLE_HEIGHT + MARGIN;
  const grid = parseScreen(rows, columns);
  const under = cursor && grid[cursor.y]?.[cursor.x];
  if (under) under.style = { ...under.style, reverse: !under.style.reverse };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" width="${round(width)}" height="${height}" role="img">`,
    `<title>${escapeText(label)}</title>`,
    `<rect width="${round(width)}" height="${height}" rx="8" fill="${FRAME}"/>`,
    ...['#5a5a5a', '#6a6a6a', '#7a7a7a'].map((fill, i) => `<circle cx="${20 + i * 18}" cy="16" r="5.5" fill="${fill}"/>`),
    `<text x="${round(width / 2)}" y="21" text-anchor="middle" font-family="${FONTS}" font-size="13" fill="#a8a8a8">${escapeText(title)}</text>`,
    `<rect x="1" y="${TITLE_HEIGHT}" width="${round(width - 2)}" height="${height - TITLE_HEIGHT - 8}" fill="${BACKGROUND}"/>`,
    `<rect x="1" y="${height - 16}" width="${round(width - 2)}" height="15" rx="7" fill="${BACKGROUND}"/>`,
    `<g font-family="${FONTS}" font-size="${FONT_SIZE}" fill="${FOREGROUND}">`,
    ...grid.map(renderRow),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function parseScreen(rows: readonly string[], columns: number): Cell[][] {
  let style = PLAIN;
  return rows.map((row) => {
    const cells: Cell[] = [];
    // eslint-disable-next-line no-control-regex -- escape sequences are what we read
    for (const [, sgr, character] of row.matchAll(/\x1b\[([\d;:]*)m|\x1b[()].|[\x0e\x0f]|([^\x1b])/gu)) {
      if (sgr !== undefined) style = applySgr(style, sgr);
      else if (character !== undefined) cells.push({ text: character, style });
    }
    while (cells.length < columns) cells.push({ text: ' ', style: PLAIN });
    return cells.slice(0, columns);
  });
}

/** The style after one `ESC [ … m` (ECMA-48 8.3.117, with the usual 256 and RGB colours). */
function applySgr(before: Style, parameters: string): Style {
  const style = { ...before };
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    Object.assign(style, ATTRIBUTES[code]);
    if (code === 38 || code === 48) {
      const rgb = codes[i + 1] === 2;
      style[code === 38 ? 'fg' : 'bg'] = rgb ? hex(codes.slice(i + 2, i + 5)) : indexed(codes[i + 2] ?? 0);
      i += rgb ? 4 : 2;
    } else if (code >= 30 && code <= 37) style.fg = BASIC[code - 30];
    else if (code >= 40 && code <= 47) style.bg = BASIC[code - 40];
    else if (code >= 90 && code <= 97) style.fg = BASIC[code - 82];
    else if (code >= 100 && code <= 107) style.bg = BASIC[code - 92];
  }
  return style;
}

/** xterm's 256 colours: 16 basic ones, a 6x6x6 cube, 24 greys. */
function indexed(index: number): string | undefined {
  if (index < 16) return BASIC[index];
  if (index >= 232) return hex([1, 1, 1].map((grey) => grey * (8 + (index - 232) * 10)));
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return hex([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

function renderRow(cells: readonly Cell[], y: number): string {
  const top = TITLE_HEIGHT + y * CELL.height;
  const runs = runsOf(cells);
  const backgrounds = runs.map(({ x, text, style }) => {
    const fill = style.reverse ? (style.fg ?? FOREGROUND) : style.bg;
    const box = `x="${at(x)}" y="${top}" width="${round(text.length * CELL.width)}" height="${CELL.height}"`;
    return fill && fill !== BACKGROUND ? `<rect ${box} fill="${fill}"/>` : '';
  });
  return [...backgrounds, ...runs.map((run) => renderText(run, top))].filter((part) => part !== '').join('');
}

function runsOf(cells: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  cells.forEach(({ text, style }, x) => {
    const last = runs.at(-1);
    if (last && JSON.stringify(last.style) === JSON.stringify(style)) last.text += text;
    else runs.push({ x, text, style });
  });
  return runs;
}

/** Each group of words has its own place and length, so that columns hold in any font. Lines are drawn, so that they join. */
function renderText({ x, text, style }: Run, top: number): string {
  const fill = style.reverse ? (style.bg ?? BACKGROUND) : style.fg;
  const attributes = [
    fill && fill !== FOREGROUND ? ` fill="${fill}"` : '',
    style.bold ? ' font-weight="bold"' : '',
    style.italic ? ' font-style="italic"' : '',
    style.dim ? ' opacity="0.6"' : '',
    style.underline ? ' text-decoration="underline"' : '',
  ].join('');
  const parts = [...text.matchAll(/│|[^ │]+(?: [^ │]+)*/g)].map(({ 0: words, index }) => {
    const left = x + index;
    if (words === '│') return `<rect x="${at(left + 0.44)}" y="${top}" width="1" height="${CELL.height}" fill="${fill ?? FOREGROUND}"/>`;
    const length = words.length > 1 ? ` textLength="${round(words.length * CELL.width)}"` : '';
    return `<text x="${at(left)}" y="${top + 13.5}"${length}${attributes}>${escapeText(words)}</text>`;
  });
  return parts.join('');
}

function at(x: number): number {
  return round(MARGIN + x * CELL.width);
}

function round(number: number): number {
  return Number(number.toFixed(1));
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
