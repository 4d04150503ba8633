/** Profiles: what `etcd:/x` means, what may be written, and what the status line says of it. */
import { describe, expect, it } from 'vitest';
import { makeCertificates } from '../harness/certificates.js';
import { startCluster } from '../harness/cluster.js';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'profile',
  async (etcd) => {
    for (const key of ['/p/a', '/p/b', 'bare']) await etcd.put(key, `value of ${key}`);
  },
  ({ open, etcd }) => {
    const settings = () => [
      `let g:etcd = {'profiles': {'ro': {'endpoints': '${etcd().endpoint}', 'readonly': v:true, 'root': '/p'}, 'rw': {'endpoints': ['${etcd().endpoint}']}}}`,
    ];
    const name = "bufname('%')";

    it(':Etcd use says what short addresses mean, from then on', async () => {
      const editor = await open({ rc: settings(), args: ['etcd:/p/a'] });
      await editor.settled("getline(1) =~# 'value'");
      await editor.type(':Etcd use r<Tab><Tab><CR>');
      await editor.untilScreen(/etcd: etcd:\/ is the profile rw \(127.0.0.1:\d+\)/);
      for (const [typed, canonical] of [
        ['etcd:/p/a', 'etcd://rw/p/a'],
        ['etcd:bare', 'etcd://rw/./bare'],
        ['etcd:///p/a', 'etcd:///p/a'],
        ['etcd://ro/p/a', 'etcd://ro/p/a'],
      ]) {
        await editor.ex(`edit ${typed as string}`);
        expect(await editor.eval(`[${name}, getline(1) =~# 'value']`)).toEqual([canonical, 1]);
      }
      await editor.type(':e etcd:/p/<Tab>');
      await editor.untilScreen(/:e etcd:\/p\/a/);
      await editor.type('<CR>');
      await editor.settled(`${name} ==# 'etcd://rw/p/a'`);
      await editor.eval("setline(1, 'mine')");
      await editor.ex('write etcd:/p/new');
      expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:/);
      await editor.ex('edit! etcd:/p/new');
      expect(await editor.eval(name)).toBe('etcd://rw/p/new');
      await expect(editor.ex('Etcd use nowhere')).rejects.toThrow(/no profile nowhere; there are default, ro, rw/);
      await editor.ex('Etcd use default');
      await editor.ex('edit etcd:/p/b');
      expect(await editor.eval(name)).toBe('etcd:///p/b');
      expect(await editor.eval("getcompletion('Etcd use ', 'cmdline') + getcompletion('Etcd status d', 'cmdline')")).toEqual([
        ...['default', 'ro', 'rw'],
        'default',
      ]);
    });

    describe('a short name from a buffer of another profile than the one that :Etcd use has chosen', () => {
      const top = async () => {
        const editor = await open({ rc: settings() });
        await editor.ex('Etcd use rw');
        await editor.ex('edit etcd:///top');
        await editor.eval("setline(1, 'text')");
        return editor;
      };

      it.each(['write', 'write!', '1write', 'write >>', 'saveas', 'file', 'read', 'source'])(':%s does not take it', async (command) => {
        await etcd().put('/copy', 'let g:ran = 1');
        const editor = await top();
        // The editor has words of its own for a :source that was not done.
        const why =
          command === 'source'
            ? /E484/
            : /cannot tell the profile of etcd:\/copy: .* rw, .* default; write etcd:\/\/rw\/copy or etcd:\/\/\/copy/;
        await expect(editor.ex(`${command} %:h/copy`)).rejects.toThrow(why);
        expect(await editor.eval(`[${name}, getline(1, '$'), &modified, exists('g:ran')]`)).toEqual(['etcd:///top', ['text'], 1, 0]);
        await editor.ex('write');
        expect((await etcd().get('/top'))?.value.toString()).toBe('text');
        expect((await etcd().get('/copy'))?.value.toString()).toBe('let g:ran = 1');
        for (const key of ['/top', '/copy']) await etcd().delete(key);
      });

      it('says which of them a name without a slash can be; whole names, and buffers without a profile, are not asked', async () => {
        const editor = await top();
        await expect(editor.ex('write etcd:copy')).rejects.toThrow(/write etcd:\/\/rw\/\.\/copy or etcd:\/\/\/\.\/copy/);
        await editor.ex('write etcd:///copy | write etcd://rw/copy2');
        await editor.ex('enew! | call setline(1, "new") | write etcd:/copy3');
        expect(await editor.eval(name)).toBe('etcd://rw/copy3');
        await editor.ex('write %:h/copy4');
        await editor.ex('edit etcd:///a/b | call setline(1, "sub") | write %:h/copy');
        await expect(editor.ex('write %:h:h/copy5')).rejects.toThrow(/cannot tell/);
        for (const key of ['/copy', '/copy2', '/copy3', '/copy4', '/a/copy']) {
          expect(await etcd().get(key), key).toBeDefined();
          await etcd().delete(key);
        }
      });
    });

    it('reaches Node when the case of a letter is all that has changed', async () => {
      const editor = await open({ rc: [...settings(), 'set ignorecase', "let g:etcd.profiles.ro.root = '/P'"], args: ['etcd://ro'] });
      await editor.settled(`${name} ==# 'etcd://ro/P/'`);
      await editor.ex("let g:etcd.profiles.ro.root = '/p'");
      await editor.ex('edit etcd://ro');
      expect(await editor.eval(`[${name}, getline(1)]`)).toEqual(['etcd://ro/p/', 'a']);
    });

    it('what is read-only can be looked at, and root is what the bare address lists', async () => {
      const editor = await open({ rc: settings(), args: ['etcd://ro'] });
      await editor.settled("getline(1) ==# 'a'");
      expect(await editor.eval(name)).toBe('etcd://ro/p/');
      await editor.ex('edit etcd://ro/p/a');
      expect(await editor.eval('[&readonly, &modifiable, etcd#statusline()]')).toEqual([
        ...[1, 1],
        expect.stringMatching(/^ro rev \d+ \[readonly\]$/),
      ]);
      await editor.eval("setline(1, 'mine')");
      await expect(editor.ex('write')).rejects.toThrow(/E45/);
      await expect(editor.ex('write!')).rejects.toThrow(/profile ro is read-only/);
      expect((await etcd().get('/p/a'))?.value.toString()).toBe('value of /p/a');
      expect(await editor.eval('&modified')).toBe(1);
      await editor.ex('edit! etcd://ro/p/none');
      expect(await editor.eval('[&readonly, etcd#statusline()]')).toEqual([1, 'ro [new] [readonly]']);
      await editor.ex('view etcd://rw/p/a | edit etcd://rw/p/b');
      expect(await editor.eval('&readonly')).toBe(0);
    });

    it('the status line has no remote text and nothing that it would obey', async () => {
      const editor = await open({ rc: settings(), args: ['etcd:/p/a'] });
      await editor.settled("getline(1) =~# 'value'");
      const revision = await editor.eval<string>('b:etcd.mod_revision');
      expect(await editor.eval('etcd#statusline()')).toBe(`${etcd().endpoint} rev ${revision}`);
      await editor.eval("extend(b:etcd, {'mod_revision': '%{execute(\"let g:bad = 1\")}', 'address': 'etcd://%{bad}/x'})");
      expect(await editor.eval('etcd#statusline()')).toBe('etcd');
      await editor.ex('enew');
      expect(await editor.eval('etcd#statusline()')).toBe('');
      await editor.ex(`set laststatus=2 statusline=%{etcd#statusline()} | edit etcd:/p/a?rev=${revision}`);
      await editor.untilScreen(new RegExp(`^${etcd().endpoint} rev ${revision} \\[past\\]$`));
      await editor.ex('edit etcd:/p/');
      await editor.untilScreen(new RegExp(`^${etcd().endpoint} rev \\d+$`));
      for (const [endpoint, shown] of [
        ['https://[::1]:2379/x', '[::1]:2379'],
        ['etcd.example.org', 'etcd.example.org'],
        ['%{bad}:1', 'etcd'],
      ]) {
        await editor.ex(`let g:etcd.endpoints = '${endpoint as string},h:2' | unlet $ETCDCTL_ENDPOINTS | Etcd use default`);
        expect(await editor.eval('etcd#statusline()')).toMatch(new RegExp(`^${(shown as string).replace(/[[\]]/g, '\\$&')} rev \\d+$`));
      }
    });

    it('a listing, a read and a write name the profile', async () => {
      const editor = await open({ rc: settings() });
      for (const [command, message] of [
        ['edit etcd://rw/p/', /^"etcd:\/\/rw\/p\/" /],
        ['edit etcd://rw/p/a', /^"etcd:\/\/rw\/p\/a" 1L/],
        [`write! etcd://rw/p/by${editor.name}`, /^"etcd:\/\/rw\/p\/by\w+".* written/],
      ] as const) {
        await editor.ex(`set shortmess-=F | ${command}`);
        await editor.untilScreen(message);
      }
    });

    it('highlight colours the windows on that cluster, and no other', async () => {
      const editor = await open({ rc: [...settings(), "let g:etcd.profiles.rw.highlight = 'ErrorMsg'", 'set laststatus=2'] });
      // After the text of the window's first row.
      const colour = async (command: string): Promise<number> => {
        await editor.ex(command);
        await editor.ex('redraw');
        return editor.eval<number>('screenattr(win_screenpos(0)[0], 70)');
      };
      const plain = await colour('edit etcd:///p/');
      const prod = await colour('edit etcd://rw/p/');
      expect(prod).not.toBe(plain);
      expect(await editor.eval('etcd#highlight()')).toBe('%#ErrorMsg#');
      for (const [command, expected] of [
        ['edit etcd:///p/a', plain],
        ['edit etcd://rw/p/a', prod],
        ['edit rc.vim', plain],
        ['buffer etcd://rw/p/a', prod],
        ['split etcd:///p/a', plain],
        ['wincmd p', prod],
        ['edit etcd:/p/b', plain],
        ['Etcd use rw', plain],
        ['edit etcd:/p/b', prod],
        [`enew | call setline(1, 'x') | write! etcd:/p/${editor.name}`, prod],
        ['file local', plain],
        ['file etcd://rw/p/none', prod],
      ] as const) {
        expect([command, await colour(command)]).toEqual([command, expected]);
      }
      await editor.ex('set statusline=%{%etcd#highlight()%}%f | edit! etcd://rw/p/a');
      await editor.untilScreen(/^etcd:\/\/rw\/p\/a$/);
      const line = 'screenattr(win_screenpos(0)[0] + winheight(0), 1)';
      const ofProd = await editor.eval(line);
      await editor.ex('edit etcd:///p/a');
      await editor.untilScreen(/^etcd:\/\/\/p\/a$/);
      expect([await editor.eval('etcd#highlight()'), (await editor.eval(line)) === ofProd]).toEqual(['', false]);
    });

    it('verification that is switched off is warned of once, and shown', async () => {
      const certificates = makeCertificates();
      const { ca } = certificates;
      const tls = await startCluster({ tls: { ca, ...certificates.server } });
      const endpoint = `'endpoints': '${tls.endpoints[0] as string}'`;
      try {
        await tls.inspect().put('/t/x', 'over TLS');
        const editor = await open({
          rc: [
            `let g:etcd = {'profiles': {'ca': {${endpoint}, 'cacert': '${ca}'}, 'none': {${endpoint}}, 'off': {${endpoint}, 'insecure_skip_verify': 1}}}`,
          ],
          size: { columns: 160, rows: 24 },
        });
        await editor.ex('edit etcd://ca/t/x');
        expect(await editor.eval("[getline(1), etcd#statusline() =~# 'insecure']")).toEqual(['over TLS', 0]);
        await editor.ex('edit etcd://none/t/x');
        expect(await editor.eval('b:etcd.code')).toBe('tls');
        await editor.ex('edit etcd://off/t/x');
        expect(await editor.eval("[getline(1), etcd#statusline() =~# ' \\[insecure\\]']")).toEqual(['over TLS', 1]);
        await editor.ex('Etcd restart');
        await editor.ex('edit etcd://off/t/x');
        await editor.settled("execute('messages') =~# 'verif'");
        expect((await editor.eval<string>("execute('messages')")).match(/not verified|verification/g)).toHaveLength(1);
      } finally {
        await tls.close();
        certificates.remove();
      }
    });
  },
);
