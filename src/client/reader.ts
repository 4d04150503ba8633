/** The part of a client that a program needs which reads once and ends. Its user feels each function that is loaded. */
import type { Client } from './client.js';
import { openConnection, type ClusterSettings, type Connection } from './connection.js';
import { hasOldData } from './old-data.js';
import { transact } from './puts.js';
import type { Transport } from './transport/transport.js';

export type Reader = Pick<Client, 'txn' | 'hasOldData' | 'endpoint' | 'close'>;

/** @throws EtcdError as openClient() */
export function openReader(settings: ClusterSettings, transport: Transport): Reader {
  return readerOf(openConnection(settings, transport));
}

/** The same over a connection that is there. */
export function readerOf(connection: Connection): Reader {
  return {
    txn: (request, options) => transact(connection, request, options),
    hasOldData: (header, options) => hasOldData(connection, header, options),
    endpoint: () => connection.endpoint(),
    close: () => connection.close(),
  };
}
