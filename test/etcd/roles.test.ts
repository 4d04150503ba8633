/** Users whose roles show them parts of the key space: what they see of the levels above. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, openSecret, type Client } from '../../src/client/index.js';
import { listLevel } from '../../src/keyspace/listing/level.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth, type Grant } from '../harness/users.js';
import { options } from './servers.js';

const grants: Grant[] = [
  { type: 'READWRITE', key: '/app/web/', rangeEnd: '/app/web0' },
  { type: 'READ', key: '/conf' },
  { type: 'READ', key: '/empty/below/', rangeEnd: '/empty/below0' },
  { type: 'READ', key: '/m', rangeEnd: '/o' },
  { type: 'WRITE', key: '/secret/', rangeEnd: '/secret0' },
  { type: 'READ', key: 'tail', rangeEnd: '\0' },
];
const keys = ['/app/db/x', '/app/web/a', '/app/web/b/c', '/conf', '/ma', '/n/x', '/n/y', '/o', '/secret/x', '/z', 'tail/x'];

describe.each(tools.etcds)('roles ($name)', ({ command }) => {
  let cluster: TestCluster;
  let alice: Client;
  beforeAll(async () => {
    cluster = await startCluster({ command });
    for (const key of keys) await cluster.inspect().put(key, '');
    await enableAuth(cluster.inspect(), grants);
    const password = openSecret({ what: 'password', given: ALICE.password });
    alice = createClient({ endpoints: cluster.endpoints, credentials: { user: ALICE.user, password } });
  });
  afterAll(async () => {
    await alice.close();
    await cluster.close();
  });
  const names = async (prefix: string) => {
    const { names: found, scoped } = await listLevel(alice, { prefix }, options);
    return { found, scoped };
  };

  it('lead down from the root, also to a prefix that is still empty, and never to what may only be written', async () => {
    expect(await names('')).toEqual({ found: ['/', 'tail/'], scoped: true });
    expect(await names('/')).toEqual({ found: ['app/', 'conf', 'empty/', 'ma', 'n/'], scoped: true });
    expect(await names('/app/')).toEqual({ found: ['web/'], scoped: true });
    expect(await names('/empty/')).toEqual({ found: ['below/'], scoped: true });
  });

  it('show a whole prefix as it is', async () => {
    expect(await names('/app/web/')).toEqual({ found: ['a', 'b/'], scoped: false });
    expect(await names('/n/')).toEqual({ found: ['x', 'y'], scoped: false });
  });

  it('that lead nowhere are said so', async () => {
    for (const prefix of ['/app/db/', '/secret/', '/x/']) {
      await expect(names(prefix)).rejects.toMatchObject({ code: 'permission_denied', message: 'permission denied to user alice' });
    }
  });

  it('hold for completion', async () => {
    const level = await listLevel(alice, { prefix: '/', partial: 'a' }, options);
    expect(level.names).toEqual(['app/']);
  });
});
