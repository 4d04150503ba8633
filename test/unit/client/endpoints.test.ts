import { describe, expect, it } from 'vitest';
import { openEndpoints, type Endpoints } from '../../../src/client/endpoints.js';
import { EtcdError } from '../../../src/client/errors.js';
import type { Exchange, Gateway } from '../../../src/client/gateway.js';

type State = 'up' | 'down' | 'hung' | 'unsure';

interface Fake extends Gateway {
  state: State;
  probes: number;
}

const failures = {
  down: new EtcdError('unreachable', 'down', { retryable: true }),
  hung: new EtcdError('timeout', 'hung', { retryable: true, indefinite: true }),
  unsure: new EtcdError('no_space', 'full', { indefinite: true, settled: true }),
};

/** What a probe sees. The test decides about everything else. */
function fake(endpoint: string, state: State): Fake {
  const gateway: Fake = {
    endpoint,
    state,
    probes: 0,
    cluster: () => undefined,
    link: () => '1',
    post: () => {
      gateway.probes++;
      return gateway.state === 'up' ? Promise.resolve({} as never) : Promise.reject(failures[gateway.state as 'down']);
    },
    stream: () => Promise.reject(new Error('not streamed')),
    open: () => Promise.reject(new Error('unused')),
    get: () => Promise.reject(new Error('unused')),
    close: () => Promise.resolve(),
  };
  return gateway;
}

function cluster(...states: State[]): { fakes: Fake[]; endpoints: Endpoints; sent: string[]; send: () => Promise<string> } {
  const fakes = states.map((state, index) => fake(`e${index}`, state));
  const endpoints = openEndpoints(fakes);
  const sent: string[] = [];
  const send = async (): Promise<string> => {
    const one = (gateway: Gateway): Promise<string> => {
      sent.push(gateway.endpoint);
      const { state } = gateway as Fake;
      return state === 'up' ? Promise.resolve(gateway.endpoint) : Promise.reject(failures[state]);
    };
    return (await endpoints.attempt(one, { budget: 300 })).answer;
  };
  return { fakes, endpoints, sent, send };
}

describe('several endpoints', () => {
  it('asks nobody but the one in use while it works', async () => {
    const { fakes, sent, send } = cluster('up', 'up', 'up');
    for (let i = 0; i < 3; i++) expect(await send()).toBe('e0');
    expect(sent).toEqual(['e0', 'e0', 'e0']);
    expect(fakes.map(({ probes }) => probes)).toEqual([0, 0, 0]);
  });

  it('sends only to what is alive, and stays there', async () => {
    const { fakes, sent, send } = cluster('down', 'hung', 'up');
    expect(await send()).toBe('e2');
    (fakes[0] as Fake).state = 'up';
    expect(await send()).toBe('e2');
    expect(sent).toEqual(['e0', 'e2', 'e2']);
  });

  it('probes one that failed just now before it sends anything there again', async () => {
    const { fakes, sent, send } = cluster('down', 'down');
    await expect(send()).rejects.toMatchObject({ code: 'unreachable' });
    const before = sent.length;
    (fakes[1] as Fake).state = 'up';
    expect(await send()).toBe('e1');
    expect(sent.slice(before)).toEqual(['e1']);
  });

  it('is uncertain about an answer that follows a failure of which the outcome is unknown', async () => {
    const { endpoints } = cluster('hung', 'up');
    const send = ({ endpoint }: Gateway) => (endpoint === 'e0' ? Promise.reject(failures.hung) : Promise.resolve(1));
    expect(await endpoints.attempt(send, { budget: 300 })).toEqual({ answer: 1, uncertain: true });
    expect(await endpoints.attempt(send, { budget: 300 })).toEqual({ answer: 1, uncertain: false });
  });

  it('does not take a definite error behind an unknown outcome for the outcome', async () => {
    for (const definite of [new EtcdError('permission_denied', 'no'), failures.unsure]) {
      const { endpoints } = cluster('hung', 'up');
      const send = ({ endpoint }: Gateway) => Promise.reject(endpoint === 'e0' ? failures.hung : definite);
      const attempt = endpoints.attempt(send, { budget: 300 });
      await expect(attempt).rejects.toMatchObject({ code: definite.code, indefinite: true, settled: false });
    }
  });

  it('all at once answer what any can, as soon as the first does', async () => {
    const { endpoints } = cluster('hung', 'down', 'up');
    let given: AbortSignal | undefined;
    const send = ({ endpoint }: Gateway, { signal }: Exchange): Promise<string> => {
      if (endpoint === 'e1') return Promise.reject(failures.down);
      if (endpoint === 'e2') return Promise.resolve(endpoint);
      given = signal;
      return new Promise(() => undefined);
    };
    expect(await endpoints.each(send, { budget: 60_000 })).toBe('e2');
    expect(given?.aborted, 'the one that hangs is let go').toBe(true);
  });

  it('that all fail tell what says most, and end where the caller does', async () => {
    const { endpoints } = cluster('hung', 'down', 'up');
    const denied = new EtcdError('permission_denied', 'no', { endpoint: 'e2' });
    const send = ({ endpoint }: Gateway) => Promise.reject(endpoint === 'e0' ? failures.hung : endpoint === 'e1' ? failures.down : denied);
    await expect(endpoints.each(send, { budget: 300 })).rejects.toMatchObject({ code: 'permission_denied', indefinite: true });
    const stop = new AbortController();
    const waiting = endpoints.each(
      (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
      { budget: 60_000, signal: stop.signal },
    );
    stop.abort(new EtcdError('cancelled', 'cancelled'));
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});
