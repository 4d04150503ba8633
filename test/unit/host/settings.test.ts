import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/host/near.js';
import { readSettings, type Settings } from '../../../src/host/settings.js';

const read = (settings: unknown, environment: Record<string, string> = {}): Settings =>
  readSettings({ settings, environment, cwd: '/dir', words: { '~': '/home/me', '~bob': '/home/bob', $CERTS: '/etc/certs' } });
const top = (settings: unknown, environment?: Record<string, string>) => read(settings, environment).profiles[''];
const wrong = (message: string): Error => expect.objectContaining({ code: 'invalid_value', message }) as Error;

describe('the settings', () => {
  it('may be missing, all of them; an empty dictionary of Lua is a list', () => {
    const nothing = { profiles: { '': { endpoints: ['127.0.0.1:2379'] } }, validate: {}, pretty: [] };
    for (const settings of [{}, [], { profiles: [] }, { timeout: [], profiles: {}, validate: [] }]) {
      expect(read(settings)).toEqual(nothing);
    }
  });

  it('may be set, all of them', () => {
    const profile = {
      endpoints: ['a:1'],
      user: 'u',
      password_command: ['pass', 'etcd x'],
      password_file: '/f',
      cacert: '/ca',
      cert: '/c',
      key: '/k',
      passphrase_command: ['x'],
      passphrase_file: '/p',
      server_name: 's',
      insecure_skip_verify: false,
      root: '/app/',
      readonly: true,
      confirm: true,
      rules: [{ keys: '/service/*/leader', readonly: true, confirm: false, note: 'use failover' }],
      swap: true,
      highlight: 'Prod_1',
      watch: false,
    };
    const validate = { '/a/': 'json', '/b/*.x': ['check', '-'] };
    const editor = { wait: true, node: '/usr/bin/node', host: 'remote', columns: ['ttl', 'age'], timeout: { read: 1, list: 90_000 } };
    const written = { ...profile, dial_timeout: '1m30s' };
    const given = { ...written, ...editor, validate, pretty: ['/p/'], profiles: { 'prod-1.a_b': written } };
    const known = { ...profile, dial_timeout: 90_000 };
    expect(read(given)).toEqual({ profiles: { '': known, 'prod-1.a_b': known }, validate, pretty: ['/p/'] });
  });

  it('take a text of endpoints, commas too many, and numbers for true and false', () => {
    const profiles = { p: { endpoints: ' b:2 , https://c:3,, ', readonly: 1, confirm: 0, rules: [{ keys: '/x', readonly: 1 }] } };
    expect(read({ endpoints: 'a:1', profiles }).profiles).toEqual({
      '': { endpoints: ['a:1'] },
      p: { endpoints: ['b:2', 'https://c:3'], readonly: true, confirm: false, rules: [{ keys: '/x', readonly: true }] },
    });
  });

  it.each([
    ['ca.pem', '/dir/ca.pem'],
    ['../ca.pem', '/dir/../ca.pem'],
    ['~/ca.pem', '/home/me/ca.pem'],
    ['~', '/home/me'],
    ['~bob/ca.pem', '/home/bob/ca.pem'],
    ['~nobody/ca.pem', '/dir/~nobody/ca.pem'],
    ['$CERTS/${CERTS}/$NONE/ca.pem', '/etc/certs//etc/certs/$NONE/ca.pem'],
    ['/$constructor/$1/a', '/$constructor/$1/a'],
    ['/`touch run`/*{a,b}', '/`touch run`/*{a,b}'],
    ['', ''],
  ])('the file %j is %j', (written, whole) => {
    expect(top({ cacert: written })?.cacert).toBe(whole);
    expect(top({}, { ETCDCTL_CACERT: written })?.cacert).toBe(whole === '' ? undefined : whole);
  });

  it.each([
    [1, 'g:etcd must be a dictionary'],
    [null, 'g:etcd must be a dictionary'],
    [['x'], 'g:etcd must be a dictionary'],
    [{ endpoints: 7 }, 'g:etcd.endpoints must be a list of texts'],
    [{ endpoints: [1] }, 'g:etcd.endpoints must be a list of texts'],
    [{ endpoints: ['http://me:hunter2@h:1'] }, 'g:etcd.endpoints cannot hold a user; set user and password_command'],
    [{ password: 'hunter2' }, 'g:etcd.password does not belong into a vimrc; set password_command or password_file, or be asked for it'],
    [
      { profiles: { p: { endpoints: 'h', passphrase: ['hunter2'] } } },
      'g:etcd.profiles.p.passphrase does not belong into a vimrc; set passphrase_command or passphrase_file, or be asked for it',
    ],
    [{ profiles: 1 }, 'g:etcd.profiles must be a dictionary'],
    [{ profiles: { p: ['hunter2'] } }, 'g:etcd.profiles.p must be a dictionary'],
    [{ confrim: true }, 'g:etcd.confrim is no setting; did you mean confirm?'],
    [{ endpoint: 'h' }, 'g:etcd.endpoint is no setting; did you mean endpoints?'],
    [{ ENDPOINTS: 'h' }, 'g:etcd.ENDPOINTS is no setting; did you mean endpoints?'],
    [{ zzzzzz: 'hunter2' }, 'g:etcd.zzzzzz is no setting'],
    [{ timeout: { raed: 1 } }, 'g:etcd.timeout.raed is no kind of command; did you mean read?'],
    [{ timeout: { read: '5' } }, 'g:etcd.timeout.read must be a number of milliseconds, above 0'],
    [{ timeout: { read: 1.5 } }, 'g:etcd.timeout.read must be a number of milliseconds, above 0'],
    [{ timeout: { read: 0 } }, 'g:etcd.timeout.read must be a number of milliseconds, above 0'],
    [{ timeout: 5 }, 'g:etcd.timeout must be a dictionary'],
    [{ wait: 'no' }, 'g:etcd.wait must be true or false'],
    [{ wait: 2 }, 'g:etcd.wait must be true or false'],
    [{ node: ['node'] }, 'g:etcd.node must be a text'],
    [{ host: 'remot' }, 'g:etcd.host must be "remote", or not be set'],
    [{ dial_timeout: 5 }, 'g:etcd.dial_timeout must be a text'],
    [{ dial_timeout: '5' }, 'g:etcd.dial_timeout must be a duration such as 5s or 1m30s'],
    [{ columns: 'ttl' }, 'g:etcd.columns must be a list of texts'],
    [{ columns: ['tll'] }, 'g:etcd.columns may have value, size, revision, version, ttl, age, not tll'],
    [{ columns: ['ttl', 'age', 'ttl'] }, 'g:etcd.columns has ttl twice'],
    [{ pretty: ['etcd:/a/'] }, 'g:etcd.pretty is a pattern of keys, and no address: it begins with what comes after "etcd:"'],
    [
      { validate: { 'etcd:///a/': 'json' } },
      `g:etcd.validate['etcd:///a/'] is a pattern of keys, and no address: it begins with what comes after "etcd:"`,
    ],
    [
      { rules: [{ keys: 'etcd:/r/', readonly: 1 }] },
      'g:etcd.rules[0].keys is a pattern of keys, and no address: it begins with what comes after "etcd:"',
    ],
    [{ pretty: [1] }, 'g:etcd.pretty must be a list of texts'],
    [{ validate: [1] }, 'g:etcd.validate must be a dictionary'],
    [{ validate: { '/a/': 'xml' } }, `g:etcd.validate['/a/'] must be "json", "yaml", "toml", or a list: the program and its arguments`],
    [{ validate: { '/a/': [] } }, `g:etcd.validate['/a/'] must be "json", "yaml", "toml", or a list: the program and its arguments`],
    [{ profiles: { 'a b': {} } }, 'g:etcd.profiles.a b cannot be a name: see :help etcd-address-canonical'],
    [{ profiles: { '': {} } }, 'g:etcd.profiles. cannot be a name: see :help etcd-address-canonical'],
    [{ profiles: { default: {} } }, 'g:etcd.profiles.default is at the top level of g:etcd'],
    [{ profiles: { p: {} } }, 'g:etcd.profiles.p.endpoints is missing'],
    [{ profiles: { p: { endpoints: ',' } } }, 'g:etcd.profiles.p.endpoints is missing'],
    [
      { profiles: { p: { endpoints: 'h', read_only: 1 } } },
      'g:etcd.profiles.p.read_only is no setting of a profile; did you mean readonly?',
    ],
    [{ profiles: { p: { endpoints: 'h', node: 'x' } } }, 'g:etcd.profiles.p.node is no setting of a profile'],
    [{ profiles: { p: { endpoints: 'h', readonly: 'yes' } } }, 'g:etcd.profiles.p.readonly must be true or false'],
    [
      { profiles: { p: { endpoints: 'h', password_command: 'pass x' } } },
      'g:etcd.profiles.p.password_command must be a list: the program and its arguments',
    ],
    [{ password_command: [] }, 'g:etcd.password_command must be a list: the program and its arguments'],
    [{ profiles: { p: { endpoints: 'h', highlight: 'No#' } } }, 'g:etcd.profiles.p.highlight must be the name of a highlight group'],
    [{ profiles: { p: { endpoints: 'h', cert: 1 } } }, 'g:etcd.profiles.p.cert must be a text'],
    [{ rules: [{ keys: '/r/', readnoly: 1 }] }, 'g:etcd.rules[0].readnoly is no setting of a rule; did you mean readonly?'],
    [{ rules: [{ keys: '/r/', password: 'hunter2' }] }, 'g:etcd.rules[0].password is no setting of a rule'],
    [{ rules: [{ keys: '/r/' }, { note: 'x' }] }, 'g:etcd.rules[1].keys is missing: a pattern of keys'],
    [{ rules: [{ keys: '/r/', confirm: 'no' }] }, 'g:etcd.rules[0].confirm must be true or false'],
    [{ rules: [1] }, 'g:etcd.rules[0] must be a dictionary'],
    [{ rules: { keys: '/r/' } }, 'g:etcd.rules must be a list of dictionaries'],
    [{ profiles: { p: { endpoints: 'h', rules: [{}] } } }, 'g:etcd.profiles.p.rules[0].keys is missing: a pattern of keys'],
    // As the editor sends a function, and bytes that are not UTF-8.
    [{ password_command: null }, 'g:etcd.password_command must be a list: the program and its arguments'],
    [{ rules: null }, 'g:etcd.rules must be a list of dictionaries'],
    [{ timeout: { read: null } }, 'g:etcd.timeout.read must be a number of milliseconds, above 0'],
    [{ cacert: '\ufffd' }, 'g:etcd.cacert must be a text in UTF-8'],
    [{ password_command: ['pass', '\ufffd'] }, 'g:etcd.password_command must be a text in UTF-8'],
    [{ user: 'a\0b' }, 'g:etcd.user cannot hold a NUL'],
  ])('%j: one message names the setting, and not what is secret', (settings, message) => {
    expect(() => read(settings)).toThrow(wrong(message));
    expect(message).not.toContain('hunter2');
  });

  it('never repeat what is set, whatever it is and wherever', () => {
    const secret = fc.constantFrom<unknown>('hunter2', ['hunter2'], { x: 'hunter2' }, [['hunter2']]);
    const names = fc.constantFrom('endpoints', 'user', 'password', 'password_command', 'key', 'rules', 'timeout', 'profiles', 'watch');
    fc.assert(
      fc.property(fc.dictionary(names, secret), (settings) => {
        for (const given of [settings, { profiles: { p: settings } }]) {
          try {
            read(given);
          } catch (thrown) {
            expect(String(thrown)).not.toContain('hunter2');
          }
        }
      }),
    );
  });
});

describe('the variables of etcdctl', () => {
  const vimrc = { endpoints: 'a:1, b:2', user: 'vimrc', password_file: '/secret', cacert: '/vimrc.pem', server_name: 'n' };
  const files = { cacert: '/vimrc.pem', server_name: 'n' };

  it('win, for the default profile alone', () => {
    const profiles = { staging: { endpoints: ['c:3'], user: 'alice', password_command: ['pass', 'x y'] } };
    const environment = {
      ETCDCTL_ENDPOINTS: 'e:5',
      ETCDCTL_USER: 'bob:pa:ss',
      ETCDCTL_CACERT: '/env.pem',
      ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'true',
      ETCDCTL_DIAL_TIMEOUT: '5s',
    };
    const own = { cacert: '/env.pem', insecure_skip_verify: true, dial_timeout: 5000 };
    const bob = { endpoints: ['e:5'], user: 'bob', password: 'pa:ss', ...files, ...own };
    expect(read({ ...vimrc, profiles }, environment).profiles).toEqual({ '': bob, ...profiles });
  });

  it.each([
    [{ ETCDCTL_USER: 'bob' }, { user: 'bob' }],
    [{ ETCDCTL_USER: 'bob:' }, { user: 'bob' }],
    [{ ETCDCTL_USER: 'vimrc' }, { user: 'vimrc', password_file: '/secret' }],
    [{ ETCDCTL_PASSWORD: 'p' }, { user: 'vimrc', password: 'p' }],
    [
      { ETCDCTL_USER: 'bob:x', ETCDCTL_PASSWORD: 'p' },
      { user: 'bob:x', password: 'p' },
    ],
    [{ ETCDCTL_USER: '' }, { user: 'vimrc', password_file: '/secret' }],
  ])('%j: another user has not the password of the one in the vimrc', (environment: Record<string, string>, login) => {
    expect(top(vimrc, environment)).toEqual({ endpoints: ['a:1', 'b:2'], ...files, ...login });
  });

  it('name a domain that is not looked up; endpoints come before it', () => {
    const environment = { ETCDCTL_DISCOVERY_SRV: 'd' };
    expect(top({}, environment)).toEqual({ endpoints: [], discovery_srv: 'd' });
    expect(top({ endpoints: 'a:1' }, environment)).toEqual({ endpoints: ['a:1'] });
    expect(top({}, { ...environment, ETCDCTL_ENDPOINTS: 'e:5' })).toEqual({ endpoints: ['e:5'] });
  });

  it.each([
    [{ ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'yes' }, '$ETCDCTL_INSECURE_SKIP_TLS_VERIFY: must be true or false'],
    [{ ETCDCTL_DIAL_TIMEOUT: '0' }, '$ETCDCTL_DIAL_TIMEOUT: must be a duration such as 5s or 1m30s'],
    [{ ETCDCTL_ENDPOINTS: 'http://me:hunter2@h:1' }, '$ETCDCTL_ENDPOINTS: cannot hold a user'],
    [{ ETCDCTL_PASSWORD: '\ufffd' }, '$ETCDCTL_PASSWORD must be a text in UTF-8'],
  ])('%j is wrong, by name', (environment: Record<string, string>, message) => {
    expect(() => read({}, environment)).toThrow(wrong(message));
  });

  it('are not refused for what the editor does not read', () => {
    expect(top({}, { ETCDCTL_COMMAND_TIMEOUT: 'x', ETCDCTL_API: '3' })).toEqual({ endpoints: ['127.0.0.1:2379'] });
  });
});

describe('the nearest name', () => {
  it.each([
    ['raed', ['write', 'list', 'read'], 'read'],
    ['Confirm', ['confirm'], 'confirm'],
    ['xx', ['confirm', 'readonly'], undefined],
    ['', ['a'], 'a'],
    ['ab', ['ba'], 'ba'],
  ])('to %j of %j is %j', (word, known, near) => {
    expect(nearest(word, known)).toBe(near);
  });
});
