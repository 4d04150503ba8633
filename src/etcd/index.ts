/** The client as a library: `import { createClient } from 'etcd.vim'`. */
export { createClient } from './client.js';
export type { Client, ClusterSettings, CallOptions, RangeRequest, CompareAndPut, CompareAndPutAnswer } from './client.js';
export { keyOf } from './codec.js';
export type { Header, Key, KeyValue, RangeAnswer, RangeKeys, Revision } from './codec.js';
export type { ScanAnswer } from './scan.js';
export { EtcdError, type ErrorCode } from './errors.js';
export { after, firstKey, isBefore, prefixEnd, TO_THE_END } from './range.js';
