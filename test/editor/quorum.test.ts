/** A cluster that has lost its quorum, or is another one: what is shown is labelled rightly, and nothing is overwritten. */
import { expect, it } from 'vitest';
import { startCluster } from '../harness/cluster.js';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'quorum',
  () => Promise.resolve(),
  ({ open }) => {
    it('without a quorum a value is stale and read-only, until :e reads it again', async () => {
      const cluster = await startCluster({ size: 3 });
      try {
        await cluster.inspect().put('/q/x', 'old');
        const editor = await open({ endpoints: cluster.endpoints, size: { columns: 160, rows: 24 } });
        await editor.ex('edit etcd:/q/x');
        expect(await editor.eval('[&readonly, etcd#statusline() =~# "stale"]')).toEqual([0, 0]);
        await cluster.kill(1);
        await cluster.kill(2);
        await editor.type(':e<CR>');
        await editor.untilScreen(/etcd: etcd:\/\/\/q\/x \[stale\]: no quorum, so etcd may hold newer bytes/);
        expect(await editor.eval('[getline(1), &readonly, etcd#statusline() =~# " \\\\[stale\\\\]$"]')).toEqual(['old', 1, 1]);
        await editor.eval("setline(1, 'mine')");
        await expect(editor.ex('write')).rejects.toThrow(/E45/);
        await editor.type(':new<CR>:r etcd:/q/x<CR>');
        await editor.untilScreen(/etcd:\/\/\/q\/x \[stale\]: no quorum, so etcd may hold newer bytes than those inserted/);
        expect(await editor.eval('getline(2)')).toBe('old');
        await editor.type(':source etcd:/q/x<CR>');
        await editor.untilScreen(/not run: etcd:\/\/\/q\/x: there is no quorum/);
        await editor.normal();
        await editor.ex('bwipeout!');
        await editor.ex('edit! etcd:/q/');
        expect(await editor.eval('[getline(1), etcd#statusline() =~# " \\\\[stale\\\\]$"]')).toEqual(['x', 1]);
        cluster.start(1);
        cluster.start(2);
        await cluster.healthy();
        await editor.ex('edit etcd:/q/x');
        await editor.ex('edit!');
        expect(await editor.eval('[&readonly, b:etcd.stale]')).toEqual([0, false]);
        await editor.eval("setline(1, 'mine')");
        await editor.ex('write');
        expect((await cluster.inspect().get('/q/x'))?.value.toString()).toBe('mine');
        await editor.ex('Etcd status');
        const lines = await editor.lines();
        expect(lines.filter((line) => / leader /.test(line))).toHaveLength(1);
        expect(lines.filter((line) => / follower .* [\d.]+ KiB .* ms /.test(line))).toHaveLength(2);
        await cluster.kill(1);
        await editor.type('R');
        await editor.settled("len(filter(getline(1, '$'), 'v:val =~# \"^http.* no \"')) == 1");
        expect(await editor.eval("[winnr('$'), bufname('%')]")).toEqual([2, '[etcd-status default]']);
        expect(await editor.eval("match(getline(1, '$'), '^alarms \\+none$') >= 0")).toBe(1);
        await cluster.kill(0);
        await cluster.kill(2);
        await editor.type('R');
        await editor.settled("match(getline(1, '$'), '^alarms \\+not known$') >= 0");
      } finally {
        await cluster.close();
      }
    });

    it('another cluster behind the endpoint: refused, read-only, and the text is still here', async () => {
      const cluster = await startCluster();
      try {
        await cluster.inspect().put('/q/x', 'old');
        const editor = await open({ endpoints: cluster.endpoints, size: { columns: 200, rows: 24 } });
        await editor.ex('edit etcd:/q/x');
        await cluster.swap();
        await cluster.inspect().put('/q/x', 'theirs');
        await editor.eval("setline(1, 'mine')");
        await expect(editor.ex('write')).rejects.toThrow(/your text is still here; :e! reads the key anew/);
        const state = "[getline(1), &modified, &readonly, etcd#statusline() =~# ' \\[other cluster\\]']";
        expect(await editor.eval(state)).toEqual(['mine', 1, 1, 1]);
        await expect(editor.ex('write')).rejects.toThrow(/E45/);
        await editor.type(':Etcd diff<CR>');
        await editor.untilScreen(/in another cluster; :e! reads it/);
        expect(await editor.eval("getbufline(winbufnr(2), 1, '$')")).toEqual(['theirs']);
        expect(await editor.eval(state)).toEqual(['mine', 1, 1, 1]);
        expect((await cluster.inspect().get('/q/x'))?.value.toString()).toBe('theirs');
        await editor.ex('edit!');
        expect(await editor.eval(state)).toEqual(['theirs', 0, 0, 0]);
      } finally {
        await cluster.close();
      }
    });
  },
);
