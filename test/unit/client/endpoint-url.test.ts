import { describe, expect, it } from 'vitest';
import { parseEndpoint, parseEndpoints } from '../../../src/client/endpoint-url.js';

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:2379', 'http://127.0.0.1:2379'],
    ['etcd.example', 'http://etcd.example:2379'],
    ['http://a:1', 'http://a:1'],
    [' https://a:2379/ ', 'https://a:2379'],
    ['https://a', 'https://a'],
    ['[::1]:2379', 'http://[::1]:2379'],
    ['[::1]', 'http://[::1]:2379'],
    ['http://gw/etcd', 'http://gw/etcd'],
    ['https://gw:8443/a/b/', 'https://gw:8443/a/b'],
    ['gw/etcd', 'http://gw:2379/etcd'],
    ['gw:1/etcd', 'http://gw:1/etcd'],
  ])('%s is %s', (text, url) => {
    expect(parseEndpoint(text)).toBe(url);
  });

  it.each(['ftp://a:1', 'http://', 'http://user:password@a:1', 'http://a/?x', 'http://a/#x', ''])('refuses %s', (text) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'invalid_address' }) as Error);
  });

  it('leaves out what is empty, as etcdctl does', () => {
    expect(parseEndpoints(['', 'a', ' ', 'b:1', ''])).toEqual(['http://a:2379', 'http://b:1']);
  });

  it('does not repeat a password that someone put into an endpoint', () => {
    expect(() => parseEndpoint('http://user:hunter2@a:1')).toThrow(/^(?!.*hunter2)/);
  });
});
