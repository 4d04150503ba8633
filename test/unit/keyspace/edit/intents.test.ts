import { describe, expect, it } from 'vitest';
import { isEtcdError } from '../../../../src/client/index.js';
import { intentsOf, type EditedText } from '../../../../src/keyspace/edit/intents.js';

const BASE = '1\thost\n2\tport\n3\tdb\n4\tdb/\n5\t%2F\n';

/** The edited text of `/app/`, which holds BASE. */
function edited(text: string, more: Partial<EditedText> = {}): EditedText {
  return { address: 'etcd:///app/?edit', prefix: '/app/', base: BASE, text, ...more };
}

/** The intents in words. */
function words(...texts: EditedText[]): string[] {
  return intentsOf(texts).intents.map(({ source, targets, stays }) =>
    [source?.place.key ?? 'new', stays ? 'stays' : '->', ...targets.map(({ place }) => place.key)].join(' '),
  );
}

function refusal(...texts: EditedText[]): string {
  try {
    intentsOf(texts);
  } catch (thrown) {
    if (isEtcdError(thrown)) return thrown.message;
    throw thrown;
  }
  return 'not refused';
}

describe('the text of an edited listing', () => {
  it.each<[string, string, string[]]>([
    ['unchanged', BASE, []],
    ['sorted, spread out and spaced by hand', '4 db/\n\n5    %2F\n3\tdb  \n2\tport\r\n1\thost', []],
    ['a changed name', BASE.replace('host', 'hostname'), ['/app/host -> /app/hostname']],
    ['a name below another prefix', BASE.replace('host', 'net/host'), ['/app/host -> /app/net/host']],
    ['a name further up', BASE.replace('host', '../../host'), ['/app/host -> host']],
    ['a prefix, and not the key of that name', BASE.replace('db/', 'data/'), ['/app/db/ -> /app/data/']],
    ['the key that equals the prefix', BASE.replace('%2F', 'itself'), ['/app/ -> /app/itself']],
    ['a missing line', BASE.replace('2\tport\n', ''), ['/app/port ->']],
    ['a copied line', `${BASE}1\thost2`, ['/app/host stays /app/host2']],
    ['a copied line whose own name is gone', BASE.replace('1\thost', '1\ta\n1\tb'), ['/app/host -> /app/a /app/b']],
    ['a line without a number', `${BASE}new key`.replace(' ', '%20'), ['new -> /app/new key']],
    ['a new key that is called like a number', `${BASE}\t42`, ['new -> /app/42']],
    ['a swap', '1\tport\n2\thost\n3\tdb\n4\tdb/\n5\t%2F', ['/app/host -> /app/port', '/app/port -> /app/host']],
    ['a name that is free because its key goes', '1\tport\n3\tdb\n4\tdb/\n5\t%2F', ['/app/host -> /app/port', '/app/port ->']],
    ['escapes, whatever their case', BASE.replace('host', '%c3%a9%2e./x?'), ['/app/host -> /app/\xc3\xa9../x?']],
  ])('%s', (_, text, meant) => {
    expect(words(edited(text))).toEqual(meant);
  });

  it.each<[string, string, string]>([
    ['two lines with one name', BASE.replace('host', 'port'), 'line 2: /app/port stands in line 1 already'],
    ['a copy that keeps its name', `${BASE}1\thost`, 'line 6: /app/host stands in line 1 already'],
    ['a new key that is there', `${BASE}port`, 'line 6: /app/port stands in line 2 already'],
    ['two new keys of one name', `${BASE}x\nx`, 'line 7: /app/x stands in line 6 already'],
    ['the same name written in two ways', `${BASE}por%74`, 'line 6: /app/port stands in line 2 already'],
    ['a number that nothing has', `${BASE}77\tx`, 'line 6: nothing here has the number 77'],
    ['a number without a name', `${BASE}7`, 'line 6: the number 7 has no name'],
    ['a key that becomes a prefix', BASE.replace('port', 'port/'), 'line 2: /app/port is a key: its new name does not end in /'],
    ['a prefix that becomes a key', BASE.replace('db/', 'db2'), 'line 4: /app/db/ is a prefix: its new name ends in / as well'],
    ['a new prefix', `${BASE}x/`, 'line 6: a new name that ends in / is no key'],
    ['a space in a name', BASE.replace('port', 'my port'), 'line 2: a name has no spaces'],
    ['a megabyte of spaces in a name, in no time', BASE.replace('port', `my${' '.repeat(1_000_000)}port`), 'line 2: a name has no spaces'],
    ['a line that was shifted to the right', BASE.replace('2\t', '\t2\t'), 'line 2: a name has no spaces'],
    ['a name from the root', BASE.replace('port', '/other/port'), 'line 2: a name begins below /app/'],
    ['a name above everything', BASE.replace('port', '../../../x'), 'line 2: ../../../x is above everything'],
    ['dots in the middle', BASE.replace('port', 'x/../y'), 'line 2: a segment of dots'],
    ['nothing but dots', BASE.replace('port', './'), 'line 2: there is no name'],
  ])('refuses %s', (_, text, why) => {
    expect(refusal(edited(text))).toBe(why);
  });

  describe('with others', () => {
    const other = (text: string): EditedText => ({ address: 'etcd:///o/?edit', prefix: '/o/', base: '6\tx\n7\ty', text });
    const far = (text: string): EditedText => ({ address: 'etcd:///far/?edit', prefix: '/far/', base: '8\tz', text });

    it('takes a line that was cut in one and put into another for a move', () => {
      const texts = [edited(BASE.replace('2\tport\n', '')), other('6\tx\n2\tport\n7\ty')];
      expect(words(...texts)).toEqual(['/app/port -> /o/port']);
      expect(words(...[...texts].reverse())).toEqual(['/app/port -> /o/port']);
    });

    it('takes those that share numbers, also by way of a third, and leaves the rest alone', () => {
      const alone = intentsOf([edited(`${BASE}new`), other('6\tx'), far('')]);
      expect(alone).toMatchObject({ texts: [0], intents: [{ targets: [{ place: { key: '/app/new' } }] }] });
      const bound = intentsOf([edited(`${BASE}6\tx`), far('8\tz\n7\ty'), other('6\tx')]);
      expect(bound.texts).toEqual([0, 1, 2]);
    });

    it('names the other one', () => {
      expect(refusal(edited(BASE.replace('2\tport\n', '')), other('2\tx\n6\tx\n7\ty'))).toBe(
        'line 2 of etcd:///o/?edit: /o/x stands in line 1 of etcd:///o/?edit already',
      );
    });
  });
});
