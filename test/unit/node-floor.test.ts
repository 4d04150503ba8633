/** The oldest Node that we work with stands in package.json. Files that cannot read it there must say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const { engines, devDependencies } = JSON.parse(read('package.json')) as {
  engines: { node: string };
  devDependencies: Record<string, string>;
};
const floor = engines.node.replace(/^>=/, '');
const [major = '', minor = ''] = floor.split('.');

it('is a version', () => {
  expect(floor).toMatch(/^\d+\.\d+\.\d+$/);
});

it.each(['README.md', 'doc/etcd.txt'])('is what %s asks for', (file) => {
  const named = [
    ...read(file)
      .replaceAll(/\s+/g, ' ')
      .matchAll(/Node\.js\S* (\d+(?:\.\d+)+) or newer/g),
  ].map(([, version]) => version);
  expect([...new Set(named)]).toEqual([floor]);
});

it('is what the editor asks of a Node that it finds', () => {
  const scripts = readdirSync(join(ROOT, 'autoload'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.vim'));
  const named = scripts.flatMap((name) => [...read(join('autoload', name)).matchAll(/let s:node_floor = (.*)/g)].map(([, value]) => value));
  expect(named).toEqual([`[${major}, ${minor}]`]);
});

it('is what the host refuses to run below', () => {
  expect(read('src/main.ts')).toContain(`if (major < ${major} || (major === ${major} && minor < ${minor}))`);
});

it('is the Node whose API the types know', () => {
  expect(devDependencies['@types/node']).toMatch(new RegExp(`^\\^${major}\\.`));
});
