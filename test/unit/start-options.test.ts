/** What `npm start` makes of its arguments, and of those that npm takes for itself. */
import { expect, it } from 'vitest';
import { readOptions } from '../../tools/start-options.mjs';

const nothing = { editor: undefined, endpoints: undefined, help: false, addresses: [] };

it('takes options and addresses', () => {
  expect(readOptions([], {})).toEqual(nothing);
  expect(readOptions(['--editor', 'nvim', '--endpoints', 'a:1', 'etcd:/x'], {})).toEqual({
    ...nothing,
    editor: 'nvim',
    endpoints: 'a:1',
    addresses: ['etcd:/x'],
  });
});

it('takes the editor from npm, which has an option of that name, but no editor of another kind', () => {
  expect(readOptions([], { npm_config_editor: '/usr/bin/vim' }).editor).toBe('/usr/bin/vim');
  expect(readOptions(['--editor', 'nvim'], { npm_config_editor: 'vim' }).editor).toBe('nvim');
  expect(readOptions([], { npm_config_editor: 'code' }).editor).toBeUndefined();
});

it('says so where npm has taken --endpoints', () => {
  expect(() => readOptions(['a:1'], { npm_config_endpoints: 'true' })).toThrow('run: npm start -- --endpoints LIST');
});
