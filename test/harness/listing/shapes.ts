/** The key spaces on which listings are measured. A to G were used while constants were chosen, the others were not. */
import { kinds, namesOf, type Kind } from './kinds.js';
import { randomOf, type Random } from '../random.mjs';

export interface Shape {
  name: string;
  about: string;
  /** The level that is listed. */
  prefix: string;
  /** The keys below the prefix, in etcd's order. @param scale 1 is the full size */
  keys(scale: number): string[];
}

interface Child {
  name: string;
  /** 0: the name is itself a key. */
  keys: number;
}

const pad = (number: number, width: number): string => String(number).padStart(width, '0');
const count = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** The names of keys below a child: a few fields, and numbered items. */
function below(keys: number, random: Random): string[] {
  const flavour = random.within(0, 3);
  if (flavour === 0) return count(keys, (i) => pad(i, 6));
  if (flavour === 1) return count(keys, (i) => (i < 3 ? (['config', 'owner', 'state'][i] as string) : `items/${pad(i, 5)}`));
  return count(keys, (i) => `${random.oneOf(['a', 'data', 'log', 'meta', 'x'])}/${i}`);
}

function shape(name: string, about: string, children: (random: Random, scale: number) => Child[], same = false): Shape {
  const prefix = `/bench/${name}/`;
  return {
    name,
    about,
    prefix,
    keys(scale) {
      const random = randomOf(Array.from(name).reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
      const keys = children(random, scale).flatMap((child) => {
        if (child.keys === 0) return [prefix + child.name];
        const inside = same ? count(child.keys, (i) => pad(i, 6)) : below(child.keys, random);
        return inside.map((rest) => `${prefix}${child.name}/${rest}`);
      });
      return [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
    },
  };
}

/** Different sizes: most are small, some are huge. A `skew` of 0 makes them equal. */
function sizes(total: number, names: string[], skew: number, random: Random): Child[] {
  const weights = names.map(() => Math.exp(skew * 2 * (random.next() + random.next() + random.next() - 1.5)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return names.map((name, i) => ({ name, keys: Math.max(1, Math.round((total * (weights[i] as number)) / sum)) }));
}

const K8S =
  'apiextensions.k8s.io apiregistration.k8s.io clusterrolebindings clusterroles configmaps controllerrevisions cronjobs csinodes customresources daemonsets deployments endpointslices events horizontalpodautoscalers ingress jobs leases limitranges masterleases minions namespaces networkpolicies persistentvolumeclaims persistentvolumes poddisruptionbudgets pods podtemplates priorityclasses ranges replicasets resourcequotas rolebindings roles runtimeclasses secrets serviceaccounts services specs statefulsets storageclasses validatingwebhookconfigurations volumeattachments'.split(
    ' ',
  );

export const shapes: readonly Shape[] = [
  shape('A', 'ten tenants', (_, s) => count(10, (i) => ({ name: `tenant${i}`, keys: 100_000 * s })), true),
  shape('B', 'a thousand numbered services', (_, s) => count(1000, (i) => ({ name: `svc${pad(i, 4)}`, keys: 1000 * s })), true),
  shape('C1', 'flat, 100k', (_, s) => count(100_000 * s, (i) => ({ name: `key${pad(i, 5)}`, keys: 0 }))),
  shape('C2', 'flat, 1M', (_, s) => count(1_000_000 * s, (i) => ({ name: `key${pad(i, 7)}`, keys: 0 }))),
  shape('D', '100k users of ten keys', (_, s) => count(100_000 * s, (i) => ({ name: `user${pad(i, 6)}`, keys: 10 })), true),
  shape('D2', '20k uuids of 1 to 29 keys', (random, s) =>
    namesOf('uuid', 20_000 * s, random).map((name) => ({ name, keys: random.within(1, 30) })),
  ),
  shape('E', 'Kubernetes', (random, s) => {
    const groups = count(
      40,
      (i) => `${['apps', 'batch', 'cert-manager', 'monitoring', 'istio'][i % 5] as string}.${kinds.service(random)}.io`,
    );
    return sizes(300_000 * s, [...K8S, ...groups], 1.6, random);
  }),
  shape('F', 'small', (random) => namesOf('word', 74, random).map((name, i) => ({ name, keys: i % 3 === 0 ? 0 : random.within(1, 6) }))),
  shape('G', 'adversarial: random values, a few directories, one of them big', (random, s) => [
    ...namesOf('random', 9500 * s, random).map((name) => ({ name, keys: 0 })),
    ...namesOf('word', 29, random).map((name) => ({ name, keys: Math.round(700 * s) + 1 })),
    { name: 'big', keys: 30_000 * s },
  ]),
  shape('H', 'dotted words, heavy tail', (random, s) => sizes(850_000 * s, namesOf('dotted', 2764, random), 2.2, random)),
  shape('X1', 'unpadded job numbers', (random, s) => count(4000 * s, (i) => ({ name: `job-${i}`, keys: random.within(1, 150) }))),
  shape('X2', 'dates', (random, s) => sizes(337_000 * s, namesOf('date', 2352, random), 0.6, random)),
  shape('X3', 'CamelCase and values', (random, s) => [
    ...sizes(555_000 * s, namesOf('camel', 700, random), 1.2, random),
    ...namesOf('camel', 232, random).map((name) => ({ name: `${name}Flag`, keys: 0 })),
  ]),
  shape('X4', 'sha-like', (random, s) => sizes(453_000 * s, namesOf('hex', 1500, random), 0.5, random)),
];

/** The seeds of the table. They were chosen once, before anybody looked at the results. */
export const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** A shape that nobody has seen. Kind of name, number of children and of keys, their skew and some plain values are all drawn. */
export function seeded(seed: number): Shape {
  const random = randomOf(seed * 7919 + 13);
  const kind = random.oneOf(Object.keys(kinds) as Kind[]);
  const children = random.magnitude(30, 10_000);
  const keys = random.magnitude(60_000, 600_000);
  const skew = random.oneOf([0, 0.5, 1, 2]);
  const values = random.oneOf([0, 0, 0.1, 0.5]);
  const second = random.next() < 0.3 ? random.oneOf(Object.keys(kinds) as Kind[]) : undefined;
  return shape(`seed${seed}`, `${kind}${second ? `+${second}` : ''}, ${children} children, ${keys} keys, skew ${skew}`, (inner, scale) => {
    const half = second ? Math.ceil(children / 2) : children;
    const names = new Set([...namesOf(kind, half, inner), ...(second ? namesOf(second, children - half, inner) : [])]);
    return [
      ...sizes(keys * scale, [...names], skew, inner),
      ...namesOf(kind, Math.round(children * values), inner).map((name) => ({ name: `${name}.v`, keys: 0 })),
    ];
  });
}
