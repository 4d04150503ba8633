import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_TIMER, whenOver } from '../../../src/client/timer.js';

const DAY = 24 * 60 * 60_000;

describe('a timer of any length', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([1, 1000, LONGEST_TIMER, LONGEST_TIMER + 1, 74 * DAY, 4000 * DAY])('fires once after %d ms, and not before', (ms) => {
    const end = performance.now() + ms;
    const then = vi.fn();
    whenOver(() => Math.max(0, end - performance.now()), then);
    vi.advanceTimersByTime(ms - 1);
    expect(then).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(then).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on where more is left than there was, and can be ended', () => {
    let end = performance.now() + 1000;
    const then = vi.fn();
    const stop = whenOver(() => end - performance.now(), then);
    end += 1000;
    vi.advanceTimersByTime(1999);
    expect(then).not.toHaveBeenCalled();
    stop();
    vi.advanceTimersByTime(DAY);
    expect(then).not.toHaveBeenCalled();
  });
});
