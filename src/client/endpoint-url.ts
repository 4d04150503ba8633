/** What people write for an endpoint. */
import { EtcdError } from './errors.js';

/**
 * Reads an endpoint of $ETCDCTL_ENDPOINTS (`host`, `host:port`, `http://host:port`) as etcdctl does. It may have a path, if a proxy has
 * the gateway below one.
 * @param secure an endpoint without a scheme is https, because TLS settings were given
 * @returns `http://host:port` or `http://host:port/path`, without a slash at the end
 * @throws EtcdError invalid_address
 */
export function parseEndpoint(text: string, secure = false): string {
  const trimmed = text.trim();
  const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  let url: URL;
  try {
    url = new URL(bare ? `${secure ? 'https' : 'http'}://${trimmed}` : trimmed);
  } catch {
    throw new EtcdError('invalid_address', `endpoint ${JSON.stringify(trimmed)} is not host:port or a URL`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EtcdError('invalid_address', `endpoint ${JSON.stringify(trimmed)}: only http and https`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new EtcdError('invalid_address', 'an endpoint may not hold a user or a password');
  }
  if (url.search !== '' || url.hash !== '') throw new EtcdError('invalid_address', 'an endpoint may not hold a "?" or a "#"');
  if (bare && !/:\d+$/.test(trimmed.replace(/\/.*/, ''))) url.port = '2379';
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Leaves out empty parts, as etcdctl does with `a,,b`. */
export function parseEndpoints(texts: readonly string[], secure = false): string[] {
  return texts.filter((text) => text.trim() !== '').map((text) => parseEndpoint(text, secure));
}

/** Whether requests to it stay on this machine or are encrypted. */
export function isPrivate(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
