/** Everything that ever happened to the keys of an etcd, as a watch from its first revision tells it. */
import { setTimeout as pause } from 'node:timers/promises';
import { fetch } from 'undici';
import type { Inspector } from './inspector.js';
import { PATIENCE } from './tmux.js';

/** A put, or a delete if it has no value. */
export interface Happened {
  key: string;
  value: string | undefined;
  revision: string;
}

export interface Chronicle {
  /**
   * Oldest first, and everything up to now. If nobody waits for it, a change can be compacted before etcd tells of it, because etcd reads
   * the past only every 100 ms.
   */
  told(): Promise<readonly Happened[]>;
  close(): void;
}

interface Told {
  result?: {
    canceled?: boolean;
    compact_revision?: string;
    events?: { type?: string; kv: { key: string; value?: string; mod_revision: string } }[];
  };
}

/** @param url `http://127.0.0.1:port` of an etcd in which nothing was written yet */
export async function openChronicle(url: string, etcd: Inspector): Promise<Chronicle> {
  const happened: Happened[] = [];
  const ended = new AbortController();
  const all = { key: 'AA==', range_end: 'AA==', start_revision: '1' };
  const answer = await fetch(`${url}/v3/watch`, { method: 'POST', body: JSON.stringify({ create_request: all }), signal: ended.signal });

  async function listen(): Promise<void> {
    let rest = '';
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) happened.push(...eventsOf(line));
    }
  }
  let failed: { why: unknown } | undefined;
  listen().catch((why: unknown) => void (failed = { why }));
  return {
    async told() {
      const { body } = await etcd.post('/v3/kv/range', { key: 'AA==', range_end: 'AA==', count_only: true });
      const { revision } = body['header'] as { revision: string };
      // Each revision is a change of a key. The first one comes before any change.
      const end = Date.now() + PATIENCE;
      while (BigInt(happened.at(-1)?.revision ?? 1) < BigInt(revision)) {
        if (failed) throw new Error('the watch has ended', { cause: failed.why });
        if (Date.now() > end) throw new Error(`the watch has not told of revision ${revision}`);
        await pause(2);
      }
      return happened;
    },
    close: () => ended.abort(),
  };
}

/** @param line one message of a watch */
function eventsOf(line: string): Happened[] {
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  const { result } = JSON.parse(line) as Told;
  if (result?.canceled) throw new Error(`the watch was ended: the past is gone up to revision ${result.compact_revision}`);
  return (result?.events ?? []).map(({ type, kv }) => ({
    key: text(kv.key),
    value: type === 'DELETE' ? undefined : text(kv.value),
    revision: kv.mod_revision,
  }));
}
