/** How long a call may take, and who may end it. */
import type { CallOptions } from '../client/index.js';
import { toNumber, wrongArgument } from './check.js';

export interface Call {
  /** ms for all attempts together; by default that of the client. */
  timeout?: number;
  signal?: AbortSignal;
}

/** @throws EtcdError invalid_value */
export function callOf({ timeout, signal }: Call = {}, usual: number): CallOptions {
  if (signal !== undefined && !((signal as unknown) instanceof AbortSignal)) throw wrongArgument('signal', 'an AbortSignal');
  return { budget: toNumber(timeout ?? usual, 'timeout'), ...(signal && { signal }) };
}
