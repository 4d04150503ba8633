/** The npm package etcd3, a peer to compare with, which the plugin does not carry. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @returns the folder that it is installed in, and nowhere else */
export function installEtcd3(): string {
  const folder = fileURLToPath(new URL('listing/etcd3', import.meta.url));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!existsSync(`${folder}/node_modules`)) npm('ci', '--no-audit', '--no-fund');
  return folder;
}
