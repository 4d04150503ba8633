import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { isEtcdError } from '../../../../src/client/index.js';
import { views } from '../../../../src/keyspace/views/view.js';

const { k8s } = views;

type Value = number | bigint | string | Buffer | Field[];
type Field = readonly [number: number, value: Value];

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

/** As protocol buffers have it; none of our code makes it. */
function message(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') return [varint(number << 3), varint(value)];
      const bytes = Array.isArray(value) ? message(value) : Buffer.from(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

const stored = (object: readonly Field[], type = 'application/vnd.kubernetes.protobuf', kind = 'Pod'): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    message([
      [1, [[1, 'v1'] as const, [2, kind] as const]],
      [2, message(object)],
      [3, ''],
      [4, type],
    ]),
  ]);

const shown = (value: Buffer): string => k8s.show(value).toString();

function parsed(value: Buffer): unknown {
  const document = parseDocument(shown(value), { intAsBigInt: true });
  expect(document.errors).toEqual([]);
  return document.toJS() as unknown;
}

describe('a value of Kubernetes', () => {
  it('is shown with the names of what all objects have, and the numbers of everything else', () => {
    const metadata: Field[] = [
      [1, 'web-0'],
      [3, 'default'],
      [5, '3f0c6e1e'],
      [7, -1n],
      [8, [[1, 1_700_000_000] as const]],
      [9, []],
      [11, [[1, 'app'] as const, [2, 'web'] as const]],
      [11, [[1, 'tier: "x"'] as const, [2, ''] as const]],
      [12, [[1, 'note'] as const, [2, 'two\nlines'] as const]],
      [13, [[1, 'StatefulSet'] as const, [3, 'web'] as const, [6, 1] as const]],
      [14, 'kubernetes'],
      [14, 'mine/x'],
      [99, 5],
    ];
    const object: Field[] = [
      [1, metadata],
      [2, [[4, 8] as const, [2, 'Always'] as const, [2, 'Never'] as const, [3, [[1, 7] as const]], [3, [[1, 6] as const]]]],
      [3, Buffer.from([0xff, 0x00])],
    ];
    expect(shown(stored(object))).toBe(
      [
        'apiVersion: "v1"',
        'kind: "Pod"',
        '# contentType: "application/vnd.kubernetes.protobuf"',
        '# fields of the object by their numbers, but for its metadata; bytes may look like fields',
        'metadata:',
        '  name: "web-0"',
        '  namespace: "default"',
        '  uid: "3f0c6e1e"',
        '  generation: -1',
        '  creationTimestamp: "2023-11-14T22:13:20Z"',
        '  deletionTimestamp: null',
        '  labels:',
        '    "app": "web"',
        '    "tier: \\"x\\"": ""',
        '  annotations:',
        '    "note": "two\\nlines"',
        '  ownerReferences:',
        '  - kind: "StatefulSet"',
        '    name: "web"',
        '    controller: true',
        '  finalizers:',
        '  - "kubernetes"',
        '  - "mine/x"',
        '  "99": 5',
        '"2":',
        '  "4": 8',
        '  "2":',
        '  - "Always"',
        '  - "Never"',
        '  "3":',
        '  - "1": 7',
        '  - "1": 6',
        '"3": !!binary /wA=',
        '',
      ].join('\n'),
    );
    expect(parsed(stored(object))).toMatchObject({
      metadata: { labels: { app: 'web', 'tier: "x"': '' } },
      2: { 3: [{ 1: 7n }, { 1: 6n }] },
    });
  });

  it('says where a value can be read in two ways, and calls nothing by a name that it may not have', () => {
    const text = 'x'.repeat(40);
    // Field 1 is not metadata, because its field 7 is a text.
    const lines = shown(
      stored([
        [1, [[7, 'seven'] as const]],
        [2, ' 5'],
        [3, [[1, text] as const]],
      ]),
    ).split('\n');
    expect(lines).toContain('"2": " 5" # or a message');
    expect(lines).toContain('"3": # or a text');
    expect(lines).not.toContain('metadata:');
    expect(lines).toContain('  "7": "seven"');
  });

  it('that has bytes of the user by name is shown with them, whatever they look like', () => {
    const fields: Field[] = [
      [1, [[1, 'mine'] as const]],
      [2, [[1, 'number'] as const, [2, Buffer.from([8, 1])] as const]],
      [2, [[1, 'word'] as const, [2, 'a: "b"'] as const]],
      [3, 'Opaque'],
      [5, 1],
      [9, 7],
    ];
    const secret = stored(fields, '', 'Secret');
    expect(shown(secret)).not.toContain('#');
    expect(parsed(secret)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mine' },
      data: { number: Buffer.from([8, 1]), word: 'a: "b"' },
      type: 'Opaque',
      immutable: true,
      9: 7n,
    });
    const map = stored(
      [
        [2, [[1, 'a'] as const, [2, '2'] as const]],
        [3, [[1, 'b'] as const, [2, Buffer.from([0xff])] as const]],
        [4, 0],
      ],
      '',
      'ConfigMap',
    );
    expect(parsed(map)).toMatchObject({ data: { a: '2' }, binaryData: { b: Buffer.from([0xff]) }, immutable: false });
    // A ConfigMap has only texts there.
    expect(shown(stored(fields, '', 'ConfigMap'))).toContain('"2":\n- "1": "number"');
  });

  it('of another content is shown as bytes', () => {
    expect(shown(stored([], 'application/json'))).toContain('raw: ""');
    expect(parsed(stored([[1, 5]], 'application/json'))).toMatchObject({ raw: Buffer.from([8, 5]) });
  });

  it('shows every field of any message, under its number', () => {
    const { node } = fc.letrec<{ node: Field[] }>((tie) => ({
      node: fc.array(
        fc.tuple(
          fc.integer({ min: 2, max: 2000 }),
          // No text is as long as the code of a newline or a tab, because such a message could be a text.
          fc.oneof({ depthSize: 'small' }, fc.bigInt({ min: 0n, max: 8n }), fc.constantFrom('v', 'value \u00e9', 'v: "x"'), tie('node')),
        ),
        { minLength: 1, maxLength: 5 },
      ),
    }));
    const model = (fields: readonly Field[]): unknown => {
      const groups = new Map<number, unknown[]>();
      for (const [number, value] of fields) {
        const one = Array.isArray(value) ? model(value) : value;
        groups.set(number, [...(groups.get(number) ?? []), one]);
      }
      return Object.fromEntries([...groups].map(([number, all]) => [number, all.length === 1 ? all[0] : all]));
    };
    fc.assert(
      fc.property(node, (fields) => {
        expect(parsed(stored(fields))).toEqual({ apiVersion: 'v1', kind: 'Pod', ...(model(fields) as object) });
      }),
      { numRuns: 300 },
    );
  });

  it('that is broken is refused in words, wherever it breaks', () => {
    const whole = stored([
      [1, [[1, 'name'] as const]],
      [2, [[3, 300] as const]],
    ]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const value = isCut ? whole.subarray(0, at) : Buffer.concat([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at + 1)]);
        try {
          expect(parseDocument(shown(value)).errors).toEqual([]);
        } catch (thrown) {
          expect(isEtcdError(thrown, 'invalid_value')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(() => shown(Buffer.from('{}'))).toThrow('Kubernetes has not made it');
  });

  it('is written as it was, and not otherwise', () => {
    const value = stored([[2, 5]]);
    expect(k8s.write(k8s.show(value), value)).toBe(value);
    expect(() => k8s.write(Buffer.from('kind: Pod\n'), value)).toThrow('can only be read here');
    expect(() => k8s.write(k8s.show(value), undefined)).toThrow('can only be read here');
  });
});
