import { describe, expect, it } from 'vitest';
import { checkProfiles } from '../../../src/host/settings.js';

const whole = {
  endpoints: ['a:1'],
  user: 'u',
  password: 'p',
  password_command: ['pass', 'etcd'],
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
};

describe('the settings of a profile', () => {
  it('may all be given, and none but endpoints must be', () => {
    expect(() => checkProfiles({ '': whole, prod: { endpoints: [] } })).not.toThrow();
  });

  it.each([
    [{ endpoints: 'a:1' }, 'endpoints of profile "prod" must be a list of strings'],
    [{ endpoints: [1] }, 'endpoints of profile "prod"'],
    [{ user: 'u' }, 'endpoints of profile "prod"'],
    [{ endpoints: [], user: 1 }, 'user of profile "prod" must be a string'],
    [{ endpoints: [], password_command: 'pass etcd' }, 'password_command of profile "prod" must be a list of strings'],
    [{ endpoints: [], password_command: [] }, 'password_command of profile "prod" is empty'],
    [{ endpoints: [], readonly: 1 }, 'readonly of profile "prod" must be v:true or v:false'],
    [{ endpoints: [], passwrod: 'x' }, 'there is no setting "passwrod" of profile "prod"'],
    [{ endpoints: [], rules: {} }, 'rules of profile "prod" must be a list of dictionaries'],
    [{ endpoints: [], rules: [1] }, 'rules of profile "prod" must be a list of dictionaries'],
    [{ endpoints: [], rules: [{ keys: '/a' }, { key: '/a' }] }, 'there is no setting "key" in rules[1] of profile "prod"'],
    [{ endpoints: [], rules: [{ keys: '/a', readonly: 1 }] }, 'readonly in rules[0] of profile "prod" must be v:true or v:false'],
    [{ endpoints: [], rules: [{ note: 'x' }] }, 'keys in rules[0] of profile "prod" must be a pattern of keys'],
    [[], 'endpoints of profile "prod"'],
    [null, 'profile "prod" must be a dictionary'],
  ])('%j is refused by name', (settings, why) => {
    const error = expect.objectContaining({ code: 'invalid_value', message: expect.stringContaining(why) as string }) as Error;
    expect(() => checkProfiles({ prod: settings })).toThrow(error);
  });

  it('are never repeated', () => {
    expect(() => checkProfiles({ prod: { endpoints: [], password: ['hunter2'] } })).toThrow(/^(?!.*hunter2)/);
  });
});
