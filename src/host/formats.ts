/** Whether bytes are JSON, YAML or TOML, and what is wrong with them. The libraries are loaded when they are needed. */
import { isUtf8 } from 'node:buffer';
import type { ParseError } from 'jsonc-parser';

export type Format = 'json' | 'yaml' | 'toml';

/** What is wrong, and where if that is known. Both count from 1. A column counts bytes, like an editor's cursor. */
export interface Fault {
  why: string;
  line?: number;
  column?: number;
}

/** @returns undefined if it is valid */
export async function checkFormat(format: Format, value: Buffer): Promise<Fault | undefined> {
  if (!isUtf8(value)) return { why: 'it is no UTF-8' };
  const text = value.toString('utf8');
  switch (format) {
    case 'json':
      return checkJson(text);
    case 'yaml':
      return checkYaml(text);
    case 'toml':
      return checkToml(text);
  }
}

/** Whether it is an object or a list. A bare word or number is hardly meant as JSON. */
export function isJsonText(value: Buffer): boolean {
  if (!/^[\s]*[[{]/.test(value.toString('latin1', 0, 200)) || !isUtf8(value)) return false;
  try {
    JSON.parse(value.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** JSON.parse() decides, but it does not always say where the fault is. */
async function checkJson(text: string): Promise<Fault | undefined> {
  try {
    JSON.parse(text);
    return undefined;
  } catch (thrown) {
    const { parse, printParseErrorCode } = await import('jsonc-parser');
    const errors: ParseError[] = [];
    try {
      parse(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
    } catch {
      // It is nested deeper than the stack of that parser.
    }
    const [first] = errors;
    if (!first) return { why: (thrown as Error).message };
    return { why: wordsFor(printParseErrorCode(first.error)), ...placeAt(text, first.offset) };
  }
}

export interface Indent {
  /** How many cells a level has. */
  size: number;
  /** Spaces instead of tabs. */
  spaces: boolean;
}

/**
 * JSON with other white space between its tokens. Numbers, strings, comments and the order of names stay as they are.
 * @param lines first and last, from 1: only these; undefined: all
 * @returns a fault if it is no JSON; comments are allowed
 */
export async function indentJson(text: string, indent: Indent, lines: readonly [number, number] | undefined): Promise<string | Fault> {
  const { applyEdits, format, parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  parse(text, errors);
  const [first] = errors;
  if (first) return { why: wordsFor(printParseErrorCode(first.error)), ...placeAt(text, first.offset) };
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = starts[(lines?.[0] ?? 1) - 1] ?? 0;
  const end = lines ? (starts[lines[1]] ?? text.length) : text.length;
  const options = { insertSpaces: indent.spaces, tabSize: indent.size, eol: '\n' };
  return applyEdits(text, format(text, { offset, length: end - offset }, options));
}

/** `CommaExpected` -> `comma expected` */
function wordsFor(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

async function checkYaml(text: string): Promise<Fault | undefined> {
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  const error = (Array.isArray(documents) ? documents : []).flatMap(({ errors }) => errors)[0];
  return error && { why: firstLine(error.message), ...placeAt(text, error.pos[0]) };
}

async function checkToml(text: string): Promise<Fault | undefined> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    parse(text, { integersAsBigInt: true });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) return { why: (thrown as Error).message };
    const { line, column } = thrown;
    const before = (text.split('\n')[line - 1] ?? '').slice(0, column - 1);
    return { why: firstLine(thrown.message).replace(/^Invalid TOML document: /, ''), line, column: Buffer.byteLength(before) + 1 };
  }
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1)) + 1 };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
