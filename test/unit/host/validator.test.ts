import { describe, expect, it } from 'vitest';
import { runValidator } from '../../../src/host/validator.js';

const run = (script: string, budget = 5000) => runValidator(['sh', '-c', script], Buffer.from('{}\n'), { budget });

describe('a validator', () => {
  it.each([
    ['in its group', 'sleep 10 &'],
    ['in a session of its own', 'setsid sleep 10 &'],
  ])('has ended though it has left something running that holds its pipes, %s', async (_, start) => {
    expect(await run(`${start} exit 0`)).toBeUndefined();
    expect(await run(`${start} echo bad; exit 1`)).toEqual({ why: 'bad' });
  });

  it('is ended after its time, also if what it has started would go on', async () => {
    const error = { code: 'invalid_value', message: 'the validator "sh" took too long' };
    await expect(run('setsid sleep 10', 100)).rejects.toMatchObject(error);
  });

  it('tells the first line of much, and is not held up by it', async () => {
    expect(await run('echo "line 3, column 5: bad"; yes | head -c 2000000; exit 2')).toEqual({
      why: 'line 3, column 5: bad',
      line: 3,
      column: 5,
    });
  });
});
