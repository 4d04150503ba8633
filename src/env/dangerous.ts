/** Variables that are more than data to somebody. */

/**
 * Names that make a program run other code, or ask another cluster. Whoever may write a prefix must not own the machines that read
 * it, so these are taken over only if the user says so. No such list can be complete: a program may trust any name. What is sure is to
 * name what is wanted (-only).
 */
const RUNS_CODE = [
  ...[
    'PATH',
    'LD_*',
    'DYLD_*',
    'GCONV_PATH',
    'HOME',
    'XDG_*',
    'SHELL',
    'ZDOTDIR',
    'ENV',
    'BASH_ENV',
    'BASH_FUNC_*',
    'SHELLOPTS',
    'BASHOPTS',
  ],
  ...['IFS', 'PS4', 'PROMPT_COMMAND', '*OPT', '*OPTS', '*LIB', '*_OPTIONS', 'MAKEFILES', '*MAKEFLAGS', 'MFLAGS'],
  ...['CC', 'CXX', 'CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS', 'GOFLAGS', 'ERL_*FLAGS', 'RUST*FLAGS', 'RUSTC*', 'CARGO_*'],
  ...['PYTHON*', 'NODE_PATH', 'NPM_CONFIG_*', 'npm_config_*', 'PERL5DB', 'LUA_INIT*', 'LUA_PATH*', 'LUA_CPATH*', 'BUNDLE_*', 'GEM_*'],
  ...['PHPRC', 'PHP_INI_SCAN_DIR', 'R_PROFILE*', 'R_ENVIRON*', 'CLASSPATH', 'DOTNET_STARTUP_HOOKS', 'COR_*', 'CORECLR_*', 'OPENSSL_*'],
  ...['GIT_*', '*EDITOR', 'VISUAL', '*PAGER', '*ASKPASS', 'BROWSER', 'LESSOPEN', 'LESSCLOSE', 'VIM*', 'NVIM*', 'EXINIT', 'MYVIMRC'],
  // Secrets of connections are written down; another cluster is asked.
  ...['SSLKEYLOGFILE', 'ETCDCTL_*', 'ETCDENV_*'],
];

/** Names that a shell has for itself: it refuses to set them, or changes what they hold. */
const OF_SHELLS = [
  ...['UID', 'EUID', 'PPID', 'SHELLOPTS', 'BASHOPTS', 'BASH_*', 'BASHPID', 'RANDOM', 'SRANDOM', 'SECONDS', 'LINENO', 'EPOCH*', 'GROUPS'],
  ...['DIRSTACK', 'FUNCNAME', 'PIPESTATUS', 'HISTCMD', 'OPTIND', 'COMP_*', 'SHLVL', '_', 'BASH', 'BASH_ARGV0', 'IFS', 'PS4'],
];

/** One expression for all of a list: each start asks about each name. It is made with the first name; of a star in each, it stays fast. */
function nameIn(list: readonly string[]): (name: string) => boolean {
  let known: RegExp | undefined;
  return (name) => (known ??= new RegExp(`^(?:${list.join('|').replaceAll('*', '[^]*')})$`)).test(name);
}

/** Whether a variable of that name may make a program run code that it would not have run. */
export const runsCode = nameIn(RUNS_CODE);

/** Whether a shell may not keep a variable of that name as it is. */
export const isOfShells = nameIn(OF_SHELLS);
