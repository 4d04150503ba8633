/** The npm package etcd3, another client to compare with. It is not part of the plugin. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @returns the folder in which it is installed, and nowhere else */
export function installEtcd3(): string {
  const folder = fileURLToPath(new URL('listing/etcd3', import.meta.url));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!existsSync(`${folder}/node_modules`)) npm('ci', '--no-audit', '--no-fund');
  return folder;
}
