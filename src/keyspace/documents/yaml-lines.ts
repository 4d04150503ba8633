/**
 * Nearly all lines of a YAML document are `name: text`. These are written and read here without the package, which takes a second for
 * 10,000 keys. The package does all other lines. Nothing here may mean something else than it means to the package.
 */

/** Printable ASCII that is a plain scalar everywhere: no indicator at its beginning, no `: `, no ` #`, no blank at its end, no mark of a document's end. */
const PLAIN = /^(?!\.\.\.)[A-Za-z0-9_./](?:[A-Za-z0-9_./,@+=~%^*()<>;-]|:(?=[^ ])| (?=[A-Za-z0-9_./,@+=~%^*()<>;-]))*$/;
/** A longer name has to be written in another way. */
const LONGEST_NAME = 1000;
const NOTHING = /^(?:null|~)$/i;
const QUOTED = /^"[ !#-[\]-~]*"$|^'(?:[ -&(-~]|'')*'$/;
const JSON_LINE = /^(?:[[{][ !#-&(-~]*)?"[ -&(-~]*$/;
/** Nothing, or a comment. Some characters are left out of it that some program takes for the end of a line. */
const BLANK = /^ *(?:#[\t -~\u00a0-\u2027\u2030-\ud7ff\uf900-\ufefe\uff01-\ufffd]*)?\r?$/;

/** Whether the text may be written without quotes. */
export function isPlain(text: string, isName: boolean): boolean {
  return PLAIN.test(text) && (!isName || text.length < LONGEST_NAME);
}

/** Whether the text is like JSON in one line, which the package writes in single quotes. */
export function isJson(text: string): boolean {
  return JSON_LINE.test(text);
}

/** Whether a line means nothing. @param line without its newline, like all lines here */
export function isBlank(line: string): boolean {
  return BLANK.test(line);
}

/** The number of spaces that a line begins with. */
export function indentOf(line: string): number {
  return Math.max(0, line.search(/[^ ]/));
}

/** What a simple line says. */
export interface Simple {
  indent: number;
  name: string;
  /** ASCII. undefined: the lines below have the children of the name. */
  text: string | undefined;
}

/** @returns undefined if the line is not simple */
export function readSimple(line: string): Simple | undefined {
  const indent = indentOf(line);
  const colon = /:(?: |$)/.exec(line)?.index ?? -1;
  const name = line.slice(indent, Math.max(colon, 0)).replace(/^"(.*)"$/, '$1');
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
