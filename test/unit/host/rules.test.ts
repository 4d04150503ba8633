import { describe, expect, it } from 'vitest';
import { beginningOf, matchesKey } from '../../../src/host/patterns.js';
import { ruledBeginnings, standingOf } from '../../../src/host/rules.js';

const rules = [
  { keys: '/service/', confirm: true },
  { keys: '/service/*/leader', readonly: true, note: 'never edit, use failover' },
  { keys: '/service/test/**', readonly: false, confirm: false, note: '' },
  { keys: '*.lock', note: 'a lock' },
];

describe('what holds for a key', () => {
  it.each([
    ['/service/a/config', { readonly: false, confirm: true }],
    ['/service/a/leader', { readonly: true, confirm: true, note: 'never edit, use failover' }],
    ['/service/a/b/leader', { readonly: false, confirm: true }],
    ['/service/test/leader', { readonly: false, confirm: false }],
    ['/service/a/x.lock', { readonly: false, confirm: true, note: 'a lock' }],
    ['/other', { readonly: false, confirm: false }],
  ])('%s: of each entry the last rule that has it', (key, standing) => {
    expect(standingOf({ endpoints: [], rules }, key)).toEqual(standing);
  });

  it('is no less than what the profile says', () => {
    expect(standingOf({ endpoints: [], rules, readonly: true, confirm: true }, '/service/test/x')).toEqual({
      readonly: true,
      confirm: true,
    });
  });
});

describe('what the keys of a pattern begin with', () => {
  it.each([
    ['/app/', '/app/', '/app/x'],
    ['/app', '/app', '/app/x'],
    ['/service/*/leader', '/service/', '/service/a/leader'],
    ['/a?c/**', '/a', '/abc/d'],
    ['*.lock', '', '/x/y.lock'],
    ['/%C3%BF/**', '/\u00c3\u00bf/', '/\u00c3\u00bf/x'],
    ['/a%2*', '/a', '/a+b'],
    ['./by-dev/', 'by-dev/', 'by-dev/x'],
    ['./by-dev/*', 'by-dev/', 'by-dev/x'],
    ['./*.lock', '', 'x.lock'],
    ['./', '', 'any/x'],
  ])('%s', (pattern, beginning, key) => {
    expect(beginningOf(pattern)).toBe(beginning);
    expect(key.startsWith(beginning)).toBe(true);
    if (pattern !== '/a%2*') expect(matchesKey(pattern, key)).toBe(true);
  });

  // A rule that protects a key must not miss it because of a spelling.
  it.each([
    ['/users/bob@x', '/users/bob@x'],
    ['/users/bob%40x', '/users/bob@x'],
    ['/sp/a b', '/sp/a b'],
    ['/curly/{id}/', '/curly/{id}/x'],
    ['/w\u00f6rld/', '/w\u00c3\u00b6rld/x'],
    ['/w%C3%B6rld/', '/w\u00c3\u00b6rld/x'],
    ['/w%c3%b6rld/**', '/w\u00c3\u00b6rld/x'],
    ['/w?rld/x', '/w\u00c3\u00b6rld/x'],
    ['/a?b', '/a b'],
    ['/a?b', '/a\u00ffb'],
    ['/./x', '/./x'],
    ['/a/.*', '/a/.x'],
    ['/a/%2E*', '/a/.x'],
    ['/a%2Fb', '/a/b'],
    ['/(a|b)/[c]*', '/(a|b)/[c]d'],
    ['/star%2A', '/star*'],
    ['constructor*', '/x/constructor'],
    ['*constructor', '/x/constructor'],
  ])('%s is about %j', (pattern, key) => expect(matchesKey(pattern, key)).toBe(true));

  it.each([
    ['/star%2A', '/stars'],
    ['/a?b', '/a/b'],
    ['/a?b', '/abbb'],
    ['/app/', '/apple'],
    ['/a.c*', '/abc'],
  ])('%s is not about %j', (pattern, key) => expect(matchesKey(pattern, key)).toBe(false));

  it('are those of all rules', () =>
    expect(ruledBeginnings({ endpoints: [], rules })).toEqual(['/service/', '/service/', '/service/test/', '']));
});
