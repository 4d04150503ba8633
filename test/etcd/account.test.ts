/** The account of a plan that was cut short: what was not done, by names that say in which cluster they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';
import { written } from '../harness/settings.js';

/** A plan of these keys needs several txns. */
const [FEW, KEYS] = [['--max-txn-ops=16'], 130];

describe.each(tools.etcds)('the account of what was cut short ($name)', ({ command }) => {
  let here: TestEtcd;
  let there: TestEtcd;
  let host: Host;
  beforeAll(async () => {
    [here, there] = await Promise.all([startEtcd(command, FEW), startEtcd(command, FEW)]);
    host = await openHost({ endpoints: [here.endpoint] });
    await host.ask('configure', written({ '': { endpoints: [here.endpoint] }, other: { endpoints: [there.endpoint] } }));
  });
  afterAll(async () => {
    host.close();
    await Promise.all([here.stop(), there.stop()]);
  });

  /** Moves the keys below `root`from/ to `to`; `meddle` comes after the plan is made. */
  async function moved(root: string, to: string, meddle: () => Promise<unknown>): Promise<string[]> {
    for (let i = 100; i < 100 + KEYS; i++) await here.put(`${root}from/k${i}`, 'value');
    const { ok } = await host.ask('rename', { names: [{ name: `etcd://${root}from/` }], to, force: true });
    await meddle();
    const done = await host.ask('apply', { plan: ok?.['plan'] });
    return done.ok?.['done'] as string[];
  }

  it('names the range whose keys are copied, and not deleted', async () => {
    const lines = await moved('/one/', 'etcd:///one/to/', async () => here.put('/one/from/theirs', 'theirs'));
    expect(lines).toEqual([
      expect.stringMatching(/^stopped: a key that would be moved, copied or deleted has changed/),
      `done: ${KEYS} copied, to be moved`,
      `not done: delete /one/from/ ${KEYS} keys`,
    ]);
  });

  it('names the profile of what was not put, and of what was not deleted then', async () => {
    const lines = await moved('/two/', 'etcd://other/two/to/', async () => there.put('/two/to/k229', 'theirs'));
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^stopped: other: \/two\/to\/k229: the key exists/),
      expect.stringMatching(/^done: \d+ copied, to be moved$/),
      `not done: delete etcd:///two/from/ ${KEYS} keys`,
    ]);
    expect(lines.at(-1)).toBe('not done: rename etcd:///two/from/k229 -> etcd://other/two/to/k229');
  });

  it('names the profile of what was not deleted after all was put', async () => {
    const lines = await moved('/three/', 'etcd://other/three/to/', async () => here.put('/three/from/k100', 'theirs'));
    expect(lines).toEqual([
      expect.stringMatching(/^stopped: default: a key that would be moved/),
      `done: ${KEYS} copied, to be moved`,
      `not done: delete etcd:///three/from/ ${KEYS} keys`,
    ]);
  });
});
