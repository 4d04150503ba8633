import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPauses } from '../../../src/cli/pauses.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a command that ends at once is started after a second, then two, up to thirty; one that has run, after a second', async () => {
  const pauses = openPauses();
  const seen: number[] = [];
  for (const ran of [0, 0, 0, 0, 0, 0, 0, 11_000, 0]) {
    const began = Date.now();
    const started = new Promise<void>((resolve) => pauses.begin(ran, { code: 1, signal: null }, resolve));
    await vi.runAllTimersAsync();
    await started;
    seen.push((Date.now() - began) / 1000);
  }
  expect(seen).toEqual([1, 2, 4, 8, 16, 30, 30, 1, 2]);
});
