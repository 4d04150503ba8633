/** g:etcd and ETCDCTL_*: what reaches Node, which of them wins, and what is said of a wrong one. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

const endpoints: string[] = [];

inOneOfEach(
  'settings',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const profiles = 'etcd#host#settings#profiles()';

    it('the environment of etcdctl wins, for the default profile alone', async () => {
      const editor = await open({
        endpoints,
        rc: [
          "let g:etcd = {'endpoints': 'a:1, b:2', 'user': 'vimrc', 'password_file': '/secret', 'cacert': '/vimrc.pem', 'server_name': 'n'}",
          "let g:etcd.profiles = {'staging': {'endpoints': ['c:3'], 'user': 'alice', 'password_command': ['pass', 'x y']}}",
        ],
      });
      const staging = { endpoints: ['c:3'], user: 'alice', password_command: ['pass', 'x y'] };
      const files = { cacert: '/vimrc.pem', server_name: 'n' };
      expect(await editor.eval(profiles)).toEqual({
        '': { endpoints: ['a:1', 'b:2'], user: 'vimrc', password_file: '/secret', ...files },
        staging,
      });
      await editor.eval('execute(\'let $ETCDCTL_ENDPOINTS = "e:5" | let $ETCDCTL_USER = "bob:pa:ss" | let $ETCDCTL_CACERT = "/env.pem"\')');
      await editor.eval('execute(\'let $ETCDCTL_INSECURE_SKIP_TLS_VERIFY = "true"\')');
      expect(await editor.eval(profiles)).toEqual({
        // The vimrc's password is not bob's.
        '': { endpoints: ['e:5'], user: 'bob', password: 'pa:ss', ...files, cacert: '/env.pem', insecure_skip_verify: true },
        staging,
      });
      await editor.eval('execute(\'let $ETCDCTL_PASSWORD = "p"\')');
      expect(await editor.eval(`${profiles}['']`)).toMatchObject({ user: 'bob:pa:ss', password: 'p' });
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

    it('a change holds at once: in place, of the case of a letter, of the directory', async () => {
      const editor = await open({ endpoints, rc: ['set ignorecase', "let g:etcd = {'user': 'bob', 'cacert': 'ca.pem'}"] });
      expect(await editor.eval(`${profiles}['']`)).toMatchObject({ user: 'bob', cacert: `${editor.home}/ca.pem` });
      await editor.ex("let g:etcd.user = 'Bob'");
      expect(await editor.eval(`${profiles}['']`)).toMatchObject({ user: 'Bob', cacert: `${editor.home}/ca.pem` });
      await editor.ex('cd run');
      expect(await editor.eval(`${profiles}[''].cacert`)).toBe(`${editor.home}/run/ca.pem`);
      await editor.ex("let g:etcd.user = ['Bob']");
      await expect(editor.ex(`echo ${profiles}`)).rejects.toThrow(/g:etcd.user must be a text/);
      await expect(editor.ex(`echo ${profiles}`)).rejects.toThrow(/g:etcd.user must be a text/);
    });

    it.each(['[]', "{'profiles': []}", "{'timeout': [], 'profiles': {}}"])(
      '%s: an empty dictionary of Lua is an empty one',
      async (set) => {
        const editor = await open({ rc: [`let g:etcd = ${set}`], endpoints: ['e:5'] });
        expect(await editor.eval(profiles)).toEqual({ '': { endpoints: ['e:5'] } });
      },
    );

    it('~ and $NAME stand for what they do in a shell, and nothing is run or matched', async () => {
      const editor = await open({ env: { CERTS: '/etc/certs' } });
      const file = (name: string) => editor.eval(`execute('let g:etcd = {"cacert": ${name}}') . ${profiles}[''].cacert`);
      expect(await file("'~/ca.pem'".replaceAll("'", '"'))).toBe(`${editor.home}/ca.pem`);
      expect(await file('"$CERTS/${CERTS}/$NONE/ca.pem"')).toBe('/etc/certs//etc/certs/$NONE/ca.pem');
      expect(await file('"ca.pem"')).toBe(`${editor.home}/ca.pem`);
      expect(await file('"/`touch run`/*{a,b}"')).toBe('/`touch run`/*{a,b}');
      expect(await editor.eval("filereadable('run')")).toBe(0);
    });

    it.each([
      ["{'endpoints': 7}", 'g:etcd.endpoints must be a list of texts'],
      ["{'endpoints': ['http://me:hunter2@h:1']}", 'g:etcd.endpoints cannot hold a user'],
      ["{'password': 'hunter2'}", 'g:etcd.password does not belong into a vimrc; set password_command or password_file'],
      ["{'profiles': 1}", 'g:etcd.profiles must be a dictionary'],
      ["{'confrim': v:true}", 'g:etcd.confrim is no setting; did you mean confirm?'],
      ["{'endpoint': 'h'}", 'g:etcd.endpoint is no setting; did you mean endpoints?'],
      ["{'timeout': {'raed': 1}}", 'g:etcd.timeout.raed is no kind of command; did you mean read?'],
      ["{'timeout': {'read': '5'}}", 'g:etcd.timeout.read must be a number of milliseconds'],
      ["{'wait': 'no'}", 'g:etcd.wait must be true or false'],
      ["{'node': ['node']}", 'g:etcd.node must be a text'],
      ["{'host': 'remot'}", 'g:etcd.host must be "remote"'],
      ["{'profiles': {'a b': {}}}", 'g:etcd.profiles.a b cannot be a name'],
      ["{'profiles': {'default': {}}}", 'g:etcd.profiles.default is at the top level of g:etcd'],
      ["{'profiles': {'p': {}}}", 'g:etcd.profiles.p.endpoints is missing'],
      [
        "{'profiles': {'p': {'endpoints': 'h', 'read_only': 1}}}",
        'g:etcd.profiles.p.read_only is no setting of a profile; did you mean readonly?',
      ],
      ["{'profiles': {'p': {'endpoints': 'h', 'readonly': 'yes'}}}", 'g:etcd.profiles.p.readonly must be true or false'],
      ["{'profiles': {'p': {'endpoints': 'h', 'password_command': 'pass x'}}}", 'g:etcd.profiles.p.password_command must be a list'],
      ["{'profiles': {'p': {'endpoints': 'h', 'highlight': 'No#'}}}", 'g:etcd.profiles.p.highlight must be the name of a highlight group'],
      ["{'profiles': {'p': {'endpoints': 'h', 'cert': 1}}}", 'g:etcd.profiles.p.cert must be a text'],
    ])('%s: one message names the setting', async (settings, message) => {
      const editor = await open({ endpoints, rc: [`let g:etcd = ${settings}`], size: { columns: 160, rows: 24 } });
      await editor.type(':e etcd:/x<CR>');
      const rows = await editor.untilScreen(new RegExp(`^etcd: ${message.replaceAll(/[.?]/g, '\\$&')}.*; see :help etcd-settings$`));
      expect(rows.filter((row) => /etcd: |Error|function/.test(row))).toHaveLength(1);
      expect(await editor.eval("execute('messages')")).not.toContain('hunter2');
    });
  },
);
