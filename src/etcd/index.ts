/** The client as a library: `import { createClient } from 'etcd.vim'`. */
export { createClient } from './client.js';
export type { Client, CompareAndPutAnswer } from './client.js';
export type { CallOptions, ClusterSettings } from './connection.js';
export type { CompareAndPut, RangeRequest } from './requests.js';
export type { Credentials } from './auth.js';
export { digestOf, hexadecimal, keyOf } from './codec.js';
export type { Header, Key, KeyValue, RangeAnswer, RangeKeys, Revision } from './codec.js';
export { clusterChanged, keyObjection, objection } from './lineage.js';
export type { ManyRanges } from './reads.js';
export type { ScanAnswer } from './scan.js';
export { changed, EtcdError, type ErrorCode, type Secret } from './errors.js';
export { after, firstKey, isBefore, prefixEnd, TO_THE_END } from './range.js';
export { holds, type KeyRange, type Readable } from './roles.js';
export { openSecret, type SecretSettings, type SecretSource } from './secret.js';
export type { EndpointStatus, MemberStatus, Status } from './status.js';
export type { TlsSettings } from './tls.js';
