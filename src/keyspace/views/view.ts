/**
 * Views: other forms in which a value is read and edited. What a view writes is exact: for the text that it has shown it writes
 * the value's very bytes, and what it has written it writes again for the same text.
 */
import type { ViewName } from '../address.js';
import { base64 } from './base64.js';
import { gzip } from './gzip.js';
import { hex } from './hex.js';
import { json } from './json.js';
import { k8s } from './k8s.js';
import { zstd } from './zstd.js';

export interface View {
  /**
   * The value as it is read.
   * @throws EtcdError invalid_value if it is nothing that this view shows
   */
  show(value: Buffer): Buffer;
  /**
   * The value that `text` stands for.
   * @param original the value whose style is kept; undefined: there was none
   * @throws EtcdError invalid_value, with the place if it is known
   */
  write(text: Buffer, original: Buffer | undefined): Buffer;
}

const text: View = { show: (value) => value, write: (value) => value };

export const views: Readonly<Record<ViewName, View>> = { json, hex, base64, gzip, zstd, k8s, text };
