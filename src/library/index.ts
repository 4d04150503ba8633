/** The client as a library: `import { createClient } from 'etcd.vim'`. */
// TypeScript 6 takes no types of itself that a program does not name; ours need these.
/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
export { createClient, fromEnvironment, type Etcd, type Settings } from './client.js';
export type { Call } from './call.js';
export type { Bytes, RangeOf } from './check.js';
export type { Entry } from './entry.js';
export type { HeldLease, HoldingOptions, Leading, LibraryElection } from './holds.js';
export type { ReadOptions } from './reads.js';
export type { Condition, Step, StepAnswer, Transacted, Transaction } from './txn.js';
export type { Change, Watched, WatchingOptions } from './watching.js';
export type { Compared, PutOptions } from './writes.js';
export { EtcdError, hexadecimal, isEtcdError, type ErrorCode } from '../client/index.js';
export type { Environment, LeaseState, Lock, MemberStatus, Revision, Status, TlsSettings } from '../client/index.js';
