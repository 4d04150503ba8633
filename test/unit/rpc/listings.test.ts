import { expect, it, vi } from 'vitest';
import type { Client } from '../../../src/etcd/index.js';
import { createListings } from '../../../src/rpc/listings.js';
import { openSession } from '../../../src/rpc/session.js';
import type { Bodies } from '../../../src/rpc/bodies.js';
import { modelOf } from '../../harness/model.js';

const options = { budget: 10_000 };

/** Listings of one cluster, whose bodies are their text. */
function listingsOf(client: Client) {
  const bodies = { offerParts: (parts: Iterable<string>) => Promise.resolve([...parts].join('')) } as Bodies;
  return createListings({ ...openSession(() => undefined), bodies: () => bodies, client: () => client });
}

it("is the listing of '/' where every key begins with it, however long etcd takes to say so", async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { client } = modelOf(Array.from({ length: 9000 }, (_, i) => `/d${i % 3}/${i}`));
    const asked: string[] = [];
    const slow: Client = {
      ...client,
      async rangeMany(many, o) {
        asked.push(many[0]?.key ?? '');
        // The first screen is due before each answer.
        await vi.advanceTimersByTimeAsync(200);
        return client.rangeMany(many, o);
      },
    };
    const listings = listingsOf(slow);
    const top = { profile: '', kind: 'prefix', key: '', top: true } as const;
    const opened = await listings.open(slow, top, true, options);
    expect(opened).toMatchObject({ address: 'etcd:///' });
    expect(opened.file.startsWith('d0/\n')).toBe(true);
    expect(asked.slice(0, 2)).toEqual(['\0', '0']);
  } finally {
    vi.useRealTimers();
  }
});
