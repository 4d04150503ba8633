/**
 * Views: other forms in which a value is read and edited. A view writes exactly. If the text is as it was shown, it writes the very
 * bytes of the value. If it has written a text once, it writes the same bytes for it again.
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
   * @throws EtcdError invalid_value if this view cannot show it
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
