/** The rule of the Vim script lint that calls between files run one way. */
import { expect, it } from 'vitest';
import { lint } from '../../tools/lint-vim/lint.js';

const HEAD = ['" A sample.', 'scriptencoding utf-8', 'let s:cpo = &cpoptions | set cpoptions&vim'];

/** autoload/etcd/{name}.vim with one function, whose body begins at line 6. */
function file(name: string, ...body: string[]) {
  const run = `etcd#${name.replace('/', '#')}#run`;
  return { name: `autoload/etcd/${name}.vim`, lines: [...HEAD, '" Runs.', `function! ${run}() abort`, ...body, 'endfunction'] };
}

function circles(...files: ReturnType<typeof file>[]): string[] {
  const problems = lint(files, []).filter(({ rule }) => rule === 'cycles');
  return problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

it('calls that run one way are fine, also by two ways', () => {
  const [top, left] = [file('top', '  call etcd#left#run()', '  call etcd#ui#right#run()'), file('left', '  call etcd#low#run()')];
  expect(circles(top, left, file('ui/right', '  call etcd#low#run()'), file('low', '  call etcd#low#run()'))).toEqual([]);
});

it('two files that call each other', () => {
  expect(circles(file('b', '  call etcd#a#run()'), file('a', '  let x = 1', '  call etcd#b#run()'))).toEqual([
    'autoload/etcd/a.vim:7: files call each other in a circle: etcd/a -> etcd/b -> etcd/a',
  ]);
});

it('the shortest circle of a knot is printed, once, wherever one comes in', () => {
  const found = circles(
    file('a', '  call etcd#b#run()'),
    file('b', '  call etcd#c#run()', '  call etcd#ui#d#run()'),
    file('c', '  call etcd#ui#d#run()'),
    file('ui/d', '  call etcd#b#run()'),
  );
  expect(found).toEqual(['autoload/etcd/b.vim:7: files call each other in a circle: etcd/b -> etcd/ui/d -> etcd/b']);
});

it('a function that is handed on by its name counts, a comment does not', () => {
  const back = file('b', '  " As etcd#a#run() does.');
  expect(circles(file('a', "  call map([], function('etcd#b#run'))"), back)).toEqual([]);
  expect(circles(file('a', "  call map([], function('etcd#b#run'))"), file('b', '  call timer_start(0, {-> etcd#a#run()})'))).toHaveLength(
    1,
  );
});
