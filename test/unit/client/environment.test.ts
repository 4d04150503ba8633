import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/client/duration.js';
import { readEnvironment } from '../../../src/client/environment.js';

const until = { end: performance.now() + 60_000 };

describe('the variables of etcdctl', () => {
  it('are nothing but the default endpoint if none is set, or if they are empty', () => {
    const nothing = { settings: { endpoints: ['127.0.0.1:2379'], tls: {} } };
    expect(readEnvironment({})).toEqual(nothing);
    expect(readEnvironment({ ETCDCTL_ENDPOINTS: '', ETCDCTL_CACERT: '', ETCDCTL_INSECURE_SKIP_TLS_VERIFY: '' })).toEqual(nothing);
  });

  it('name endpoints, files and timeouts', () => {
    const { settings, ...timeouts } = readEnvironment({
      ETCDCTL_ENDPOINTS: 'a:1, https://b:2',
      ETCDCTL_CACERT: 'ca',
      ETCDCTL_CERT: 'cert',
      ETCDCTL_KEY: 'key',
      ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'T',
      ETCDCTL_COMMAND_TIMEOUT: '1m30s',
      ETCDCTL_DIAL_TIMEOUT: '250ms',
    });
    expect(settings).toEqual({
      endpoints: ['a:1', 'https://b:2'],
      tls: { cacert: 'ca', cert: 'cert', key: 'key', insecureSkipVerify: true },
      connectTimeout: 250,
    });
    expect(timeouts).toEqual({ commandTimeout: 90_000 });
  });

  it.each([
    [{ ETCDCTL_USER: 'bob' }, 'bob', undefined],
    [{ ETCDCTL_USER: 'bob:' }, 'bob', undefined],
    [{ ETCDCTL_USER: 'bob:pa:ss' }, 'bob', 'pa:ss'],
    [{ ETCDCTL_USER: 'bob:pa:ss', ETCDCTL_PASSWORD: 'p' }, 'bob:pa:ss', 'p'],
  ])('%j is that user, with that password', async (environment, user, password) => {
    const { credentials } = readEnvironment(environment).settings;
    expect([credentials?.user, await credentials?.password.get(until)]).toEqual([user, password]);
  });

  it('name a domain that is not looked up, and no endpoint in its place', () => {
    expect(readEnvironment({ ETCDCTL_DISCOVERY_SRV: 'd' }).settings).toEqual({ endpoints: [], discoverySrv: 'd', tls: {} });
    expect(readEnvironment({ ETCDCTL_DISCOVERY_SRV: 'd', ETCDCTL_ENDPOINTS: 'a:1' }).settings).toEqual({ endpoints: ['a:1'], tls: {} });
  });

  it.each([
    [{ ETCDCTL_ENDPOINTS: 'ftp://a' }, '$ETCDCTL_ENDPOINTS: endpoint "ftp://a": only http and https'],
    [{ ETCDCTL_ENDPOINTS: 'http://me:hunter2@h:1' }, '$ETCDCTL_ENDPOINTS: cannot hold a user'],
    [{ ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'yes' }, '$ETCDCTL_INSECURE_SKIP_TLS_VERIFY: must be true or false'],
    [{ ETCDCTL_COMMAND_TIMEOUT: '5' }, '$ETCDCTL_COMMAND_TIMEOUT: must be a duration such as 5s or 1m30s'],
    [{ ETCDCTL_DIAL_TIMEOUT: '0' }, '$ETCDCTL_DIAL_TIMEOUT: must be a duration such as 5s or 1m30s'],
  ])('%j is wrong, by name', (environment, message) => {
    expect(() => readEnvironment(environment)).toThrow(expect.objectContaining({ code: 'invalid_value', message }) as Error);
  });
});

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['5s', 5000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['.5s', 500],
    ['2µs', 0.002],
    ['2000μs', 2],
    ['', undefined],
    ['5', undefined],
    ['-5s', undefined],
    ['5 s', undefined],
    ['1.2.3s', undefined],
  ])('%j is %j ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});
