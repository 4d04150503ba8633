/** What hostile names and values are tried with: a trap that shows whether one ran, an editor's half of it, and a hostile server. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH, type EditorOptions } from './editor.js';
import { sequences } from './hostile.js';

/** In the editor: runs a command for each address, and notes what is there then, in every listing from the top down. */
const script = [
  'function! Visit(command, addresses, ...) abort',
  '  let seen = []',
  '  for address in a:addresses',
  '    try',
  '      execute a:command fnameescape(address)',
  '      for after in a:000',
  '        execute after',
  '      endfor',
  "      call add(seen, [bufname('%'), getline(1), get(get(b:, 'etcd', {}), 'kind', '')])",
  '    catch',
  "      call add(seen, [bufname('%'), v:exception, 'error'])",
  '    endtry',
  '  endfor',
  '  return seen',
  'endfunction',
  'function! Crawl(todo) abort',
  '  let [lines, addresses] = [[], []]',
  '  while !empty(a:todo)',
  "    execute 'edit' fnameescape(remove(a:todo, 0))",
  "    let lines += getline(1, '$')",
  "    let below = map(range(1, line('$')), 'etcd#listing#view#address(v:val)')",
  '    call extend(addresses, filter(copy(below), \'v:val !~# "/$"\'))',
  '    call extend(a:todo, filter(copy(below), \'v:val =~# "/$"\'))',
  '  endwhile',
  '  return [lines, addresses]',
  'endfunction',
  'function! Enter(address) abort',
  '  let seen = []',
  "  execute 'edit' fnameescape(a:address)",
  "  for line in range(1, line('$'))",
  '    call cursor(line, 1)',
  '    execute "normal \\<CR>"',
  "    call add(seen, [bufname('%'), getline(1), get(get(b:, 'etcd', {}), 'kind', '')])",
  "    execute 'edit' fnameescape(a:address)",
  '  endfor',
  '  return seen',
  'endfunction',
];

/** Any bytes as a typed address, with every byte escaped that can be. src/keyspace does not make it, because it is what we test. */
export function addressOf(key: Buffer): string {
  const bytes = [...key].map((byte) =>
    /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`,
  );
  return `etcd:${bytes.join('')}`;
}

/** The key that a canonical address means, by the rules of `:help etcd-address`. */
export function keyOf(address: string): Buffer {
  const rest = address.replace(/^etcd:\/\//, '').replace(/^\/\.\//, '');
  const parts = rest.split(/(%[0-9A-F]{2})/);
  return Buffer.concat(parts.map((part) => (/^%/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))));
}

export interface Trap {
  /** For an editor in which the payloads work: `canary` is on PATH, `Canary()` is defined, and everything is allowed that users allow. */
  options: EditorOptions;
  /** A directory for whatever else a test leaves. */
  root: string;
  /** The canaries that sang. */
  sang(): string[];
  remove(): void;
}

/** Makes the directory in which canaries leave their files. */
export function setTrap(): Trap {
  const root = mkdtempSync(join(tmpdir(), 'etcd-vim-canary-'));
  const [bin, sung] = [join(root, 'bin'), join(root, 'sung')];
  mkdirSync(bin);
  mkdirSync(sung);
  writeFileSync(join(bin, 'canary'), `#!/bin/sh\n: >'${sung}'/"program-$1"\n`);
  chmodSync(join(bin, 'canary'), 0o755);
  const rc = [
    ...script,
    'function! Canary(...) abort',
    `  call writefile([], '${sung}/function-' . substitute(string(get(a:, 1, '')), '[^A-Za-z0-9]', '', 'g'))`,
    "  return ''",
    'endfunction',
    'if has("nvim")',
    '  lua function _G.canary() vim.fn.Canary("lua") return "" end',
    'endif',
    'set modeline modelines=5 exrc',
    'silent! set modelineexpr',
  ];
  return {
    options: { rc, env: { PATH: `${bin}:${PATH}` } },
    root,
    sang: () => readdirSync(sung),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export interface HostileServer {
  endpoint: string;
  answers: { status: number; body: string }[];
  close(): void;
}

/** Answers every request with the next of its bodies: errors as text and as JSON, and successes that are none. */
export async function hostileServer(): Promise<HostileServer> {
  const messages = [...sequences, "%{Canary('s')} | call Canary('s')\ncall Canary('s')\r\n`canary s` $(canary s)"].map(
    (it) => `REMOTE0 ${it}`,
  );
  const kinds = [
    (message: string) => ({ status: 400, body: JSON.stringify({ code: 3, message, error: message }) }),
    (message: string) => ({ status: 404, body: message }),
    (message: string) => ({
      status: 200,
      body: JSON.stringify({ header: { cluster_id: message, revision: message }, kvs: [{ key: message }] }),
    }),
    (message: string) => ({ status: 400, body: message }),
  ];
  const answers = messages.map((message, i) => (kinds[i % kinds.length] as (typeof kinds)[number])(message));
  let next = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    const { status, body } = answers[next++ % answers.length] as (typeof answers)[number];
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    close: () => server.close(() => undefined).closeAllConnections(),
  };
}
