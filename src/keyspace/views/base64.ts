/** A value in base64: shown decoded, and written back in its own alphabet, padding and lines. */
import { EtcdError } from '../../client/index.js';
import type { View } from './view.js';

export const base64: View = {
  show(value) {
    const bytes = decode(value);
    if (!bytes) throw new EtcdError('invalid_value', 'it is no base64');
    return bytes;
  },
  write(text, original) {
    const was = original && decode(original);
    if (!original || !was) return Buffer.from(text.toString('base64'));
    return was.equals(text) ? original : Buffer.from(encodeLike(text, original.toString('latin1')));
  },
};

function decode(value: Buffer): Buffer | undefined {
  const text = value.toString('latin1').replace(/[ \t\r\n]+/g, '');
  const isBase64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/.test(text);
  const isWhole = text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
  return isBase64 && isWhole ? Buffer.from(text, 'base64') : undefined;
}

function encodeLike(bytes: Buffer, original: string): string {
  const body = original.trimEnd();
  const tail = original.slice(body.length);
  const written = bytes.toString(/[_-]/.test(body) ? 'base64url' : 'base64').replace(/=+$/, '');
  const isPadded = body.replace(/\s+/g, '').length % 4 === 0;
  const whole = isPadded ? written.padEnd(Math.ceil(written.length / 4) * 4, '=') : written;
  const [, first = '', end = ''] = /^([^\r\n]*)(\r?\n)/.exec(body) ?? [];
  const lines = first === '' ? [whole] : (whole.match(new RegExp(`.{1,${first.length}}`, 'g')) ?? []);
  return `${lines.join(end)}${tail}`;
}
