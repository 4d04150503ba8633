// The options of `npm start`. Without a `--` before them, npm takes options for its own.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * @param {string[]} args what came after `--`, or all that npm did not take
 * @param {Record<string, string | undefined>} env of npm
 * @throws Error for the user, in one line
 */
export function readOptions(args, env) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { editor: { type: 'string' }, endpoints: { type: 'string' }, help: { type: 'boolean' } },
  });
  // npm has no option of that name. So it takes only the name, and leaves the value among the addresses.
  if (env['npm_config_endpoints'] !== undefined)
    throw new Error('npm has taken --endpoints for itself; run: npm start -- --endpoints LIST');
  return { editor: values.editor ?? editorOfNpm(env), endpoints: values.endpoints, help: values.help ?? false, addresses: positionals };
}

/**
 * npm has an option of that name, for its own files. Its value is ours if it is an editor that we could start.
 * @param {Record<string, string | undefined>} env
 */
function editorOfNpm({ npm_config_editor: editor }) {
  return editor !== undefined && /^n?vim/.test(basename(editor)) ? editor : undefined;
}
