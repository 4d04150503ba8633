/** `more`: the next names of a listing that is under way. */
import * as v from 'valibot';
import { defineEarly } from './method.js';

const params = v.object({
  /** The address of the listing. */
  name: v.string(),
  stream: v.number(),
  /** Names at the most. */
  max: v.number(),
});
export type More = v.InferOutput<typeof params>;

export const more = defineEarly({
  failure: 'cannot list all of',
  timeout: 'list',
  params,
  run: (request, { listings }) => listings.more(request),
});
