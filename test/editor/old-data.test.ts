/** An etcd that only has data of its v2 API looks empty: listings, new keys and :Etcd health say so. */
import { expect, it } from 'vitest';
import { startEtcd } from '../harness/etcd.js';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'old data',
  () => Promise.resolve(),
  ({ open }) => {
    it('is told of where nothing is', async () => {
      const server = await startEtcd(undefined, ['--enable-v2']);
      try {
        await fetch(`http://${server.endpoint}/v2/keys/a`, { method: 'PUT', body: new URLSearchParams({ value: 'b' }) });
        const editor = await open({ endpoints: [server.endpoint] });
        for (const address of ['/', '/a']) {
          await editor.type(`:edit etcd:${address}<CR>`);
          await editor.untilScreen(/v2 API, which is not shown/);
          await editor.ex('messages clear | enew | redraw!');
        }
        const told = ['warn', expect.stringContaining('data of its v2 API')];
        expect(await editor.eval<string[][]>('etcd#verb#health#lines()')).toContainEqual(told);
      } finally {
        await server.stop();
      }
    });
  },
);
