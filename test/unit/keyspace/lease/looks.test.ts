import { expect, it } from 'vitest';
import { createLooks } from '../../../../src/keyspace/lease/looks.js';

/** Seconds at which it was granted and renewed, for 30 s each time. */
function leaseOf(...renewed: number[]) {
  let clock = 0;
  const looks = createLooks(() => clock * 1000);
  const at = (seconds: number) => {
    clock = seconds;
    const last = Math.max(...renewed.filter((it) => it <= seconds));
    const ttl = Math.floor(last + 30 - seconds);
    return looks.add('', '1', { ttl: ttl < 0 ? -1 : ttl, grantedTtl: 30, keys: [] }, seconds * 1000, seconds * 1000 + 20);
  };
  const seen = (seconds: number) => {
    clock = seconds;
    looks.see('', '1');
  };
  return { at, seen, looks };
}

it('one look says nothing of whether a lease is kept alive', () => {
  expect(leaseOf(0).at(0.5)).toEqual({ id: '1', ttl: 29, granted: 30, kept: false });
});

it('two looks say so if it ends later than it would have', () => {
  const { at } = leaseOf(0, 10);
  at(5);
  expect(at(11).kept).toBe(true);
});

it('nobody keeps what runs down, however often it is looked at', () => {
  const { at, seen } = leaseOf(0);
  seen(0.1);
  for (let i = 1; i < 300; i++) expect(at(i / 10).kept).toBe(false);
  expect(at(31)).toMatchObject({ ttl: -1, kept: false });
});

it('a look between two renewals is not enough, and a sight of it is', () => {
  const { at, seen } = leaseOf(0, 10, 20);
  seen(1);
  expect(at(12).kept).toBe(true);
  expect(at(13).kept).toBe(true);
  const other = leaseOf(0, 10);
  other.at(11);
  expect(other.at(13).kept).toBe(false);
});

it('what nobody renews any more is not kept', () => {
  const { at } = leaseOf(0, 10);
  at(5);
  expect(at(11).kept).toBe(true);
  expect(at(25).kept).toBe(true);
  expect(at(32).kept).toBe(false);
});

it('a lease is ours in its own cluster', () => {
  const { looks } = leaseOf(0);
  looks.own('prod', '1');
  expect([looks.isOwn('prod', '1'), looks.isOwn('', '1')]).toEqual([true, false]);
});
