/**
 * What must hold whenever nothing waits. If a buffer of an address is not 'modified', it shows exactly the bytes that etcd held at the
 * revision b:etcd.mod_revision of that key ('0': there was no key, and the buffer is empty). And b:etcd belongs to this text.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from './editor.js';
import type { Inspector } from './inspector.js';
import { keyOf } from './trap.js';

/** A loaded buffer, as the editor has it. */
export interface Loaded {
  bufnr: number;
  name: string;
  /** b:etcd; {} if it has none. */
  etcd: Record<string, unknown>;
  options: Record<string, unknown>;
  /** Its lines, in 'encoding', with a newline between two of them. */
  text: Buffer;
}

const OPTIONS = [
  'modified',
  'modifiable',
  'readonly',
  'buftype',
  'binary',
  'bomb',
  'endofline',
  'fixendofline',
  'fileformat',
  'fileencoding',
];

/** All loaded buffers. This changes nothing in the editor. */
export async function loadedBuffers(editor: Editor): Promise<Loaded[]> {
  const file = join(editor.home, 'invariant-');
  const options = OPTIONS.map((name) => `'${name}': getbufvar(it.bufnr, '&${name}')`).join(', ');
  const fields = `'bufnr': it.bufnr, 'name': bufname(it.bufnr), 'etcd': get(it.variables, 'etcd', {}), 'options': {${options}}`;
  const write = `writefile(getbufline(it.bufnr, 1, '$'), '${file}' . it.bufnr, 'b')`;
  const found = await editor.eval<Omit<Loaded, 'text'>[]>(`map(getbufinfo({'bufloaded': 1}), {_, it -> {${fields}, 'written': ${write}}})`);
  return found.map((buffer) => {
    const name = `${file}${buffer.bufnr}`;
    const text = readFileSync(name);
    rmSync(name);
    return { ...buffer, text };
  });
}

/**
 * Whether the invariant holds, for keys of the default profile. Its etcd is asked for what it held, so it must not have been compacted. A
 * buffer that our code did not read (`:noautocmd edit`) is empty and not 'modified' whatever we do. It must refuse `:w`, and that is tried.
 * It is also tried for a buffer without a base that can be changed. Nothing may wait when this is called.
 * @returns what does not hold, in words
 */
export async function holds(editor: Editor, etcd: Inspector): Promise<string[]> {
  const violations: string[] = [];
  for (const buffer of await loadedBuffers(editor)) {
    const wrong = await judge(buffer, etcd);
    if (wrong === undefined) continue;
    const put = mayBeUnread(buffer) ? await written(editor, buffer, etcd) : '';
    if (put !== undefined) violations.push(`buffer ${buffer.bufnr}, ${buffer.name}: ${wrong}${put}`);
  }
  return violations;
}

/** Whether it looks as if the buffer was never read. The caller checks the rest. */
function mayBeUnread({ text, etcd }: Loaded): boolean {
  return text.length === 0 || etcd['kind'] !== 'key';
}

/** What does not hold, as far as it can be seen from outside. */
async function judge({ name, etcd, options, text }: Loaded, inspector: Inspector): Promise<string | undefined> {
  const { kind, address, mod_revision: revision, digest } = etcd as Record<string, string | undefined>;
  if (!/^etcd:/.test(name) && address === undefined) return undefined;
  if (kind === 'prefix' || /\/$|\?rev=\d+$|^etcd:\/\/[^/]+\//.test(name) || etcd['past'] === true || etcd['stale'] === true)
    return undefined;
  if (options['modified'] === 1 || options['buftype'] === 'nofile') return undefined;
  if (kind !== 'key') return options['modifiable'] === 0 ? undefined : 'it has no base, and can be changed';
  // A buffer that was filled while no buffer could be renamed, as by bufload(), keeps its short name.
  if (canonical(name) !== address) return `b:etcd belongs to ${address ?? 'no address'}`;
  const mine = bytesOf(options, text);
  if (mine === undefined) return undefined;
  if (revision === '0') {
    if (digest !== '') return 'a new key has the digest of a value';
    return text.length === 0 ? undefined : `it is new, not 'modified' and not empty: ${shown(text)}`;
  }
  const { body } = await inspector.post('/v3/kv/range', { key: keyOf(canonical(name)).toString('base64'), revision });
  if (body['error'] !== undefined) return `etcd does not tell what it held at revision ${String(revision)}: ${JSON.stringify(body)}`;
  const [kv] = (body['kvs'] ?? []) as { value?: string; mod_revision: string }[];
  const held = kv && Buffer.from(kv.value ?? '', 'base64');
  const base = `etcd held ${shown(held)} at its base ${String(revision)}`;
  if (!held || !mine.some((bytes) => bytes.equals(held))) return `not 'modified' with ${shown(mine[0])}, and ${base}`;
  if (kv.mod_revision !== revision) return `its base is ${String(revision)}, and the key was changed at ${kv.mod_revision}`;
  const expected = createHash('sha256').update(held).digest('hex');
  return digest === expected ? undefined : `not 'modified', and its digest (${digest ?? 'none'}) is not that of its text: ${base}`;
}

/** The bytes that a write would send. There are several if the editor does not tell; undefined for encodings that are not read here. */
function bytesOf(options: Loaded['options'], text: Buffer): Buffer[] | undefined {
  const binary = options['binary'] === 1;
  const encoding = binary ? '' : String(options['fileencoding']);
  if (!['', 'utf-8', 'latin1'].includes(encoding)) return undefined;
  const separator = { unix: '\n', dos: '\r\n', mac: '\r' }[binary ? 'unix' : String(options['fileformat'])] ?? '\n';
  const ends = options['endofline'] === 1 || (options['fixendofline'] === 1 && !binary);
  const whole = text.toString('latin1').split('\n').join(separator) + (ends ? separator : '');
  const bytes = Buffer.from(whole, 'latin1');
  const encoded = encoding === 'latin1' ? Buffer.from(bytes.toString(), 'latin1') : bytes;
  const marked = options['bomb'] === 1 && encoding === 'utf-8' ? Buffer.concat([Buffer.from('\ufeff'), encoded]) : encoded;
  // One empty line and no line at all look the same.
  return text.length === 0 ? [marked, marked.subarray(0, marked.length - (ends ? separator.length : 0))] : [marked];
}

/** Writes the buffer as it is. @returns what happened if a value was lost, undefined if the write was refused */
async function written(editor: Editor, { bufnr, name }: Loaded, etcd: Inspector): Promise<string | undefined> {
  const key = keyOf(canonical(name));
  const before = await etcd.get(key);
  // A key that does not exist has nothing to lose.
  if (!before) return undefined;
  await tryToWrite(editor, bufnr);
  const after = await etcd.get(key);
  return before.modRevision === after?.modRevision ? undefined : `, and :w has put it over ${shown(before.value)}`;
}

/** Runs :write in a buffer, shown or not. It does not tell the answer, only whether anything was sent counts. */
export async function tryToWrite(editor: Editor, bufnr: number): Promise<void> {
  const there = `noautocmd botright new | setlocal bufhidden=wipe | noautocmd hide buffer ${bufnr}`;
  await editor.ex(`${there} | try | silent write | catch | endtry | noautocmd close`);
}

/** @param name of a buffer; a short one is about the same key */
export const canonical = (name: string): string => name.replace(/^etcd:(?!\/\/)/, 'etcd://');

function shown(bytes: Buffer | undefined): string {
  return bytes === undefined ? 'no such key' : JSON.stringify(bytes.toString().slice(0, 200));
}
