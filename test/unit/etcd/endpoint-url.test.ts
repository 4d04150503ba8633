import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../../src/etcd/endpoint-url.js';

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:2379', 'http://127.0.0.1:2379'],
    ['etcd.example', 'http://etcd.example:2379'],
    ['http://a:1', 'http://a:1'],
    [' https://a:2379/ ', 'https://a:2379'],
    ['https://a', 'https://a'],
    ['[::1]:2379', 'http://[::1]:2379'],
    ['[::1]', 'http://[::1]:2379'],
  ])('%s is %s', (text, url) => {
    expect(parseEndpoint(text)).toBe(url);
  });

  it.each(['ftp://a:1', 'http://', 'http://user:password@a:1', ''])('refuses %s', (text) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'invalid_address' }) as Error);
  });

  it('does not repeat a password that someone put into an endpoint', () => {
    expect(() => parseEndpoint('http://user:hunter2@a:1')).toThrow(/^(?!.*hunter2)/);
  });
});
