/**
 * Nearly all lines of a YAML document are `name: text`. These are written and read here without the package, which takes a second for
 * 10,000 keys. The package does all other lines. Nothing here may mean something else than it means to the package.
 */
import type { Key } from '../../client/index.js';
import { prefixOf } from './branch.js';

/** Printable ASCII that is a plain scalar everywhere: no indicator at its beginning, no `: `, no ` #`, no blank at its end, no mark of a document's end. */
const PLAIN = /^(?!\.\.\.)[A-Za-z0-9_./](?:[A-Za-z0-9_./,@+=~%^*()<>;-]|:(?=[^ ])| (?=[A-Za-z0-9_./,@+=~%^*()<>;-]))*$/;
/** A longer name has to be written in another way. */
const LONGEST_NAME = 1000;
const NOTHING = /^(?:null|~)$/i;
const QUOTED = /^"[ !#-[\]-~]*"$|^'(?:[ -&(-~]|'')*'$/;
const BLANK = /^ *(?:#[ -~]*)?$/;

/** Whether the text may be written without quotes. */
export function isPlain(text: string, isName: boolean): boolean {
  return PLAIN.test(text) && (!isName || text.length < LONGEST_NAME);
}

export interface SimpleLine {
  key: Key;
  value: string;
  /** The offset of the name in the document. */
  offset: number;
}

/** A map that is being read. */
interface Level {
  indent: number;
  prefix: Key;
}

/** @returns the lines of a document that has only simple lines; undefined if it has others */
export function readSimple(document: string): SimpleLine[] | undefined {
  const found: SimpleLine[] = [];
  const levels: Level[] = [];
  /** The name of the previous line, if its children are still to come. */
  let open: { indent: number; prefix: Key } | undefined;
  let offset = 0;
  for (const line of document.split('\n')) {
    const at = offset;
    offset += line.length + 1;
    if (BLANK.test(line)) continue;
    const split = partsOf(line);
    if (!split) return undefined;
    const { indent, name, text } = split;
    if (open ? indent <= open.indent : levels.length === 0 && indent > 0) return undefined;
    if (open || levels.length === 0) levels.push({ indent, prefix: open?.prefix ?? '' });
    while ((levels.at(-1)?.indent ?? 0) > indent) levels.pop();
    const level = levels.at(-1);
    if (level?.indent !== indent) return undefined;
    open = text === undefined ? { indent, prefix: prefixOf(level.prefix, name) } : undefined;
    if (text !== undefined) found.push({ key: level.prefix + name, value: text, offset: at + indent });
  }
  return open ? undefined : found;
}

/** @returns no `text` if the lines below hold the children of the name; undefined if the line is not simple */
function partsOf(line: string): { indent: number; name: string; text: string | undefined } | undefined {
  const indent = line.search(/[^ ]/);
  const colon = /:(?: |$)/.exec(line)?.index ?? -1;
  const name = line.slice(indent, Math.max(colon, 0));
  if (!isPlain(name, true)) return undefined;
  if (colon === line.length - 1) return { indent, name, text: undefined };
  const text = scalarOf(line.slice(colon + 2));
  return text === undefined ? undefined : { indent, name, text };
}

function scalarOf(written: string): string | undefined {
  if (PLAIN.test(written)) return NOTHING.test(written) ? undefined : written;
  if (!QUOTED.test(written)) return undefined;
  const inside = written.slice(1, -1);
  return written.startsWith('"') ? inside : inside.replaceAll("''", "'");
}
