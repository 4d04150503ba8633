// What the linter demands of the code: types, the direction of imports, sizes, and a comment on every exported function.
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const recommended = [...builtinRules].filter(([, { meta }]) => meta.docs.recommended && !meta.deprecated).map(([name]) => [name, 'error']);
const nodeGlobals = Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']);

/** House rule: a caller of an exported function need not read its body. The header of its file is not such a comment. */
const documented = {
  meta: { type: 'suggestion', schema: [], messages: { missing: 'say in a /** comment */ right above what {{name}} takes and gives' } },
  create(context) {
    const isFunction = (node) => /^(Function|ArrowFunction)/.test(node?.type ?? '');
    function check(node) {
      const functions = [node.declaration, ...(node.declaration?.declarations ?? [])].filter((it) => isFunction(it?.init ?? it));
      const above = context.sourceCode.getCommentsBefore(node).at(-1);
      if (functions.length === 0) return;
      if (above?.type === 'Block' && above.value.startsWith('*') && above.loc.end.line === node.loc.start.line - 1) return;
      context.report({ node, messageId: 'missing', data: { name: functions[0].id?.name ?? 'this function' } });
    }
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};

/** Imports that the files may not have: rows with a regular expression and what to do instead. */
function forbidImports(files, rows) {
  const patterns = rows.map(([regex, message]) => ({ regex, message }));
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const http = ['^undici(/|$)', 'Only src/client speaks HTTP.'];
const host = ['^neovim(/|$)', 'Only src/rplugin.ts knows the remote-plugin host.'];

export default defineConfig(
  // Examples import the package like any other program. test/etcd/package.test.ts checks and runs them.
  { ignores: ['dist/', 'node_modules/', '.cache/', 'examples/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...Object.fromEntries(recommended),
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: Object.fromEntries(nodeGlobals) } },
  { files: ['**/rplugin/**/*.js'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Without classes no method has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // This rule takes the needed assertion in `maybe ?? (list[0] as T)` for an unneeded one.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // The caller of post<Answer>() says what it expects, because nothing in the arguments could.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house: { rules: { documented } } },
    rules: {
      'house/documented': 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: ":matches(ClassDeclaration, ClassExpression)[id.name!='EtcdError']",
          message: 'Functions that return objects, no classes.',
        },
        {
          // A library that few sessions need is loaded when it is needed.
          selector: 'ImportExpression:not([source.value=/^[a-z][a-z-]*$/])',
          message: 'Imports of ours are static, so that their direction can be checked.',
        },
      ],
    },
  },
  forbidImports(['src/*.ts'], [http, host]),
  forbidImports(['src/rplugin.ts'], [http]),
  forbidImports(
    ['src/host/*.ts'],
    [http, host, ['^\\.\\./(?!keyspace/|env/|client/index\\.js$)', 'src/host imports src/keyspace, src/env and src/client/index.js.']],
  ),
  forbidImports(
    ['src/host/*/*.ts'],
    [
      http,
      host,
      ['^\\.\\./\\.\\./(?!keyspace/|env/|client/index\\.js$)', 'src/host imports src/keyspace, src/env and src/client/index.js.'],
    ],
  ),
  forbidImports(['src/keyspace/*.ts'], [http, host, ['^\\.\\./(?!client/index\\.js$)', 'src/keyspace imports src/client/index.js alone.']]),
  forbidImports(
    ['src/keyspace/*/*.ts'],
    [http, host, ['^\\.\\./\\.\\./(?!client/index\\.js$)', 'src/keyspace imports src/client/index.js alone.']],
  ),
  forbidImports(['src/client/*.ts'], [host, ['^\\.\\./', 'src/client is a library: it imports nothing of ours but itself.']]),
  forbidImports(['src/client/*/*.ts'], [host, ['^\\.\\./\\.\\./', 'src/client is a library: it imports nothing of ours but itself.']]),
  forbidImports(['src/env/*.ts'], [http, host, ['^\\.\\./(?!client/index\\.js$)', 'src/env imports src/client/index.js alone.']]),
  forbidImports(['src/env/*/*.ts'], [http, host, ['^\\.\\./\\.\\./(?!client/index\\.js$)', 'src/env imports src/client/index.js alone.']]),
  forbidImports(
    ['src/cli/*.ts'],
    [http, host, ['^\\.\\./(?!env/|client/index\\.js$)', 'src/cli imports src/env and src/client/index.js.']],
  ),
  forbidImports(
    ['src/library/*.ts'],
    [http, host, ['^\\.\\./(?!keyspace/|client/index\\.js$)', 'src/library imports src/keyspace and src/client/index.js.']],
  ),
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
);
