/** The formats by their names. */
import type { Format } from '../address.js';
import type { Codec } from './entry.js';
import { env } from './env.js';
import { json } from './json.js';
import { jsonl } from './jsonl.js';
import { yaml } from './yaml.js';

const codecs: Readonly<Record<Format, Codec>> = { yaml, json, jsonl, env };

/** What encodes and decodes documents of that format. */
export function codecOf(format: Format): Codec {
  return codecs[format];
}
