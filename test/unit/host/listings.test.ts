import { expect, it, vi } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import { createListings } from '../../../src/host/listings.js';
import { openSession } from '../../../src/host/session.js';
import type { Bodies } from '../../../src/host/bodies.js';
import { modelOf } from '../../harness/listing/model.js';

const options = { budget: 10_000 };

/** Listings of one cluster. Their bodies are their text. */
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

it('completes from hints what was listed a while ago, where everything below would be walked otherwise', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  try {
    const model = modelOf(Array.from({ length: 40 }, (_, i) => Array.from({ length: 500 }, (__, j) => `/d${i * 7}/${1000 + j}`)).flat());
    const listings = listingsOf(model.client);
    await listings.open(model.client, { profile: '', kind: 'prefix', key: '/' }, false, options);
    const { walked } = model.counts;
    await vi.advanceTimersByTimeAsync(60_000);
    const { names } = await listings.complete('', { prefix: '/', partial: '', max: 1000 }, options);
    expect(names).toHaveLength(40);
    expect(model.counts.walked - walked).toBe(40);
    await expect(listings.complete('', { prefix: '/', partial: 'd9' }, options)).resolves.toMatchObject({ names: ['d91/', 'd98/'] });
  } finally {
    vi.useRealTimers();
  }
});
