import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookLater } from '../../../src/client/scan-ahead.js';
import { openEntryScanner, type Entry } from '../../../src/client/scan-entries.js';

const HEADER = '{"header":{"cluster_id":"7","revision":"99"}';

function answerOf(keys: readonly string[], more: boolean, space: string): Buffer {
  const kvs = keys.map(
    (key) => `{"key":${space}"${Buffer.from(key).toString('base64')}","value":"${Buffer.from(`of ${key}`).toString('base64')}"}`,
  );
  return Buffer.from(`${HEADER},"kvs":[${kvs.join(',')}]${more ? `,"more":${space}true` : ''},"count":"${keys.length + (more ? 1 : 0)}"}`);
}

function opened(onEntries: (some: Entry[]) => void | Promise<void>) {
  const arrived: string[] = [];
  const later = lookLater((last) => void arrived.push(last));
  const open = () => later(openEntryScanner(onEntries, Infinity, 'http://there', () => undefined));
  return { arrived, open };
}

async function send(sink: ReturnType<ReturnType<typeof opened>['open']>, body: Buffer, size: number): Promise<void> {
  for (let at = 0; at < body.length; at += size) await sink.push(body.subarray(at, at + size));
}

function signal(): { given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

describe('a scan that is looked at later', () => {
  it('finds the same, and names the last key if there are more, however the answer is cut', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z"\]]{1,9}$/), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), fc.constantFrom('', ' '), fc.integer({ min: 1, max: 400 }), async (keys, more, space, size) => {
        const found: string[] = [];
        const { arrived, open } = opened((some) => void found.push(...some.map(({ key }) => key)));
        const sink = open();
        await send(sink, answerOf(keys, more, space), size);
        expect(await sink.end()).toMatchObject({ more });
        expect(found).toEqual(keys);
        expect(arrived).toEqual(more ? [keys.at(-1)] : []);
      }),
    );
  });

  it('says that all has arrived while the first of it is still looked at', async () => {
    const looked = signal();
    const found: string[] = [];
    const { arrived, open } = opened((some) => {
      found.push(...some.map(({ key }) => key));
      return looked.given;
    });
    const sink = open();
    await send(sink, answerOf(['a', 'b'], true, ''), 30);
    const end = sink.end();
    expect(arrived).toEqual(['b']);
    looked.give();
    expect(await end).toMatchObject({ count: 3, more: true });
    expect(found).toEqual(['a', 'b']);
  });

  it('gives nothing more of an attempt that broke off, and begins the next one when that is over', async () => {
    const looked = signal();
    const begun = signal();
    const found: string[] = [];
    const { open } = opened(async (some) => {
      begun.give();
      await looked.given;
      found.push(...some.map(({ key }) => key));
    });
    const body = answerOf(['a', 'b', 'c'], false, '');
    const first = open();
    await send(first, body.subarray(0, -20), 20);
    await begun.given;
    first.drop?.();
    const second = open();
    await send(second, body, body.length);
    const end = second.end();
    looked.give();
    await end;
    expect(found).toEqual(['a', 'a', 'b', 'c']);
  });

  it('takes no more once a look has failed', async () => {
    const { open } = opened(() => Promise.reject(new Error('enough')));
    const sink = open();
    await send(sink, answerOf(['a'], true, ''), 1000);
    await expect(Promise.resolve(sink.end())).rejects.toThrow('enough');
    expect(() => sink.push(Buffer.from('{'))).toThrow('enough');
  });
});
