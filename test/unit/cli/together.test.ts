import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../src/cli/options.js';

describe('flags that would do nothing, or mean more than was said, are refused', () => {
  it.each([
    [['-key=', 'true'], '-key is empty'],
    [['-key=/app/', '-key', '', 'true'], '-key is empty'],
    [['-only=', 'true'], '-only is empty'],
    [['-cache=', 'true'], '-cache is empty'],
    [['-lock=/locks/app', 'true'], '-lock does nothing without -watch'],
    [['-wait=1s', 'true'], '-wait does nothing without -watch'],
    [['-watch=false', '-restart=always', 'true'], '-restart does nothing without -watch'],
    [['-watch', '-slots=2', 'true'], '-slots does nothing without -lock'],
    [['-max-age=1h', 'true'], '-max-age does nothing without -cache'],
    [['-pass=LANG', 'true'], '-pass does nothing without -pristine'],
    [['-keep', '-i', 'true'], '-keep and -i exclude each other'],
    [['-r', '-path'], '-r and -path exclude each other'],
    [['-watch', '-explain', 'true'], '-watch and -explain exclude each other'],
    [['-watch'], '-watch needs a command'],
    [['-format=json', 'true'], '-format is for printing, and there is a command'],
    [['-o', 'file', 'true'], '-o is for printing, and there is a command'],
  ])('%j', (args, why) => {
    expect(() => readOptions(args, {})).toThrow(why);
  });

  it.each([
    [['-explain', '-o', 'file', 'true']],
    [['-a', '-format=json']],
    [['-i', '-pass=', '-prefix=', 'true']],
    [['-r=false', '-path', '-keep=false', '-i', 'true']],
    [['-watch', '-lock=/locks/app', '-slots=2', 'true']],
  ])('%j is not', (args) => {
    expect(() => readOptions(args, {})).not.toThrow();
  });
});
