/** g:etcd and ETCDCTL_* on their way to Node: as they are written, and as they are now. A unit test shows what Node makes of them. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

const endpoints: string[] = [];

inOneOfEach(
  'settings',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const written = 'etcd#host#settings#written()';

    it('a change reaches Node at once: in place, of the case of a letter, of a variable, of the directory', async () => {
      const editor = await open({
        endpoints,
        rc: ['set ignorecase', `let g:etcd = {'endpoints': '${etcd().endpoint}', 'cacert': 'none.pem'}`],
      });
      const error = async (command: string): Promise<string> => {
        await editor.ex(command);
        await editor.ex('silent! edit!');
        return editor.eval<string>("get(b:etcd, 'error', '')");
      };
      await editor.ex('edit etcd:/x');
      // A file is read only if an endpoint is https.
      const https = "let g:etcd.endpoints = 'https://127.0.0.1:1'";
      expect(await error(https)).toContain(`${editor.home}/none.pem`);
      expect(await error("let g:etcd.cacert = 'None.pem'")).toContain(`${editor.home}/None.pem`);
      expect(await error('cd run')).toContain(`${editor.home}/run/None.pem`);
      expect(await error("let $CERTS = '/etc/first' | let g:etcd.cacert = '$CERTS/a.pem'")).toContain('/etc/first/a.pem');
      expect(await error("let $CERTS = '/etc/second'")).toContain('/etc/second/a.pem');
      expect(await error("let g:etcd.cacert = '~/ca.pem'")).toContain(`${editor.home}/ca.pem`);
      expect(await error("let $ETCDCTL_CACERT = '/env.pem'")).toContain('/env.pem');
      expect(await error("let g:etcd.user = ['Bob']")).toBe('etcd: g:etcd.user must be a text; see :help etcd-settings');
      expect(await error("unlet g:etcd.user | let $ETCDCTL_INSECURE_SKIP_TLS_VERIFY = 'yes'")).toBe(
        'etcd: $ETCDCTL_INSECURE_SKIP_TLS_VERIFY: must be true or false; see :help etcd-settings',
      );
      await editor.ex(
        `let g:etcd = {} | unlet $ETCDCTL_CACERT | let $ETCDCTL_INSECURE_SKIP_TLS_VERIFY = '' | let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`,
      );
      await editor.ex('edit!');
      expect(await editor.eval('[b:etcd.kind, b:etcd.mod_revision]')).toEqual(['key', '0']);
    });

    it('$ETCDCTL_DISCOVERY_SRV is not looked up, and nothing else is asked in its place; commas too many are no endpoints', async () => {
      const editor = await open({ endpoints, env: { ETCDCTL_DISCOVERY_SRV: 'etcd.example' } });
      const why = /\$ETCDCTL_DISCOVERY_SRV is not looked up; set \$ETCDCTL_ENDPOINTS or g:etcd.endpoints/;
      await editor.ex('silent! edit etcd:/x');
      expect(await editor.eval('b:etcd.error')).toMatch(why);
      expect(await editor.eval('etcd#verb#health#lines()')).toContainEqual(['warn', expect.stringContaining('$ETCDCTL_DISCOVERY_SRV')]);
      await editor.ex(`let $ETCDCTL_ENDPOINTS = ',${etcd().endpoint},,'`);
      await editor.ex('edit!');
      expect(await editor.eval('[b:etcd.kind, b:etcd.mod_revision]')).toEqual(['key', '0']);
    });

    it('what JSON does not have is null, and what is no UTF-8 a mark; nothing else of a setting is lost', async () => {
      const editor = await open({ rc: ['let g:etcd = {}'] });
      const sent = async (value: string): Promise<unknown> => {
        await editor.ex(`let g:etcd = {'x': ${value}, 'after': 1}`);
        // In the form in which it crosses.
        return JSON.parse(await editor.eval<string>(`json_encode(${written}.settings)`)) as unknown;
      };
      for (const [value, crossed] of [
        ["function('tr')", null],
        ['[{-> 1}, v:null]', [null, null]],
        ["has('nvim') ? v:null : eval('v:none')", null],
        ["has('nvim') ? v:null : eval('test_null_job()')", null],
        ['0z00ff', null],
        ['[0.0 / 0.0, 1.0 / 0.0, 1.5]', [null, null, 1.5]],
        ['"a\\xff\\xfeb"', '\ufffd'],
        ['{"\\xff": "\\xc0\\x80"}', { '\ufffd': '\ufffd' }],
        ['"Gr\u00fc\u00dfe \u20ac"', 'Gr\u00fc\u00dfe \u20ac'],
        ["{'rules': [{'keys': '/a', 'readonly': v:true, 'confirm': 0}]}", { rules: [{ keys: '/a', readonly: true, confirm: 0 }] }],
      ] as const) {
        expect([value, await sent(value)]).toEqual([value, { x: crossed, after: 1 }]);
      }
      // A dictionary that contains itself ends somewhere.
      await editor.ex('let g:etcd = {} | let g:etcd.profiles = g:etcd | silent! edit etcd:/x');
      expect(await editor.eval('b:etcd.error')).toMatch(/^etcd: g:etcd\.profiles\.profiles/);
      await editor.ex("let g:etcd = {'profiles': {'p': {'endpoints': 'h', 'password_command': function('tr')}}} | silent! edit etcd:/y");
      expect(await editor.eval('b:etcd.error')).toMatch(/^etcd: g:etcd\.profiles\.p\.password_command must be a list/);
    });

    it('no Node yet: :Etcd use completes the profiles, takes one, and starts none for it', async () => {
      const editor = await open({
        rc: ["let g:etcd = {'node': '/nowhere', 'profiles': {'staging': {'endpoints': 'h'}, 'prod': {'endpoints': 'h'}}}"],
      });
      await editor.type(':Etcd use s<Tab><CR>');
      await editor.untilScreen(/^etcd: etcd:\/ is the profile staging *$/);
      await expect(editor.ex('Etcd use stagin')).rejects.toThrow(/there is no profile stagin; there are default, prod, staging/);
      expect(await editor.eval("[getcompletion('Etcd use ', 'cmdline'), etcd#host#job#status()]")).toEqual([
        ['default', 'prod', 'staging'],
        '',
      ]);
      await editor.ex('Etcd use default');
    });

    it.each([
      ["{'endpoints': ['http://me:hunter2@h:1']}", 'g:etcd.endpoints cannot hold a user; set user and password_command'],
      [
        "{'password': 'hunter2'}",
        'g:etcd.password does not belong into a vimrc; set password_command or password_file, or be asked for it',
      ],
      ["{'confrim': v:true}", 'g:etcd.confrim is no setting; did you mean confirm?'],
      ["{'columns': ['size', 'tll']}", 'g:etcd.columns may have value, size, revision, version, ttl, age, not tll'],
    ])('%s: one message names the setting', async (settings, message) => {
      const editor = await open({ endpoints, rc: [`let g:etcd = ${settings}`], size: { columns: 160, rows: 24 } });
      await editor.type(':e etcd:/x<CR>');
      const rows = await editor.untilScreen(new RegExp(`^etcd: ${message.replaceAll(/[.?]/g, '\\$&')}; see :help etcd-settings$`));
      expect(rows.filter((row) => /etcd: |Error|function/.test(row))).toHaveLength(1);
      expect(await editor.eval("execute('messages')")).not.toContain('hunter2');
      await editor.ex('Etcd log');
      expect(await editor.eval("join(getline(1, '$'))")).not.toContain('hunter2');
    });
  },
);
