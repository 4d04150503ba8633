/** `etcdenv -help`, in one screen. doc/etcdenv.1 has the rest. */
export const USAGE = `etcdenv [flags] [--] command [arg...]   runs a command with variables from etcd
etcdenv [flags]                         prints them

what      -key=/app/      a prefix or key; of several (-key=A,B) the last wins
          -r              all keys below, by last part; equals joined by ","
          -path           all keys below, DB_HOST for db/host
          -only -except   =GLOBS of names     -require=A,B  -set NAME=VALUE
          -prefix=X_  -no-upcase  -raw-names  -allow=NAMES that can run code
          -strict         every warning is an error   -allow-empty
with      -keep           inherited variables win over etcd
          -pristine, -i   nothing is inherited except -pass=GLOBS
print     -format=env|sh|fish|dotenv|docker|systemd|json|nul|github
          -o FILE  -a (inherited ones too)  -explain (where each is from)
etcd      -host=LIST      or $ETCDENV_HOST, $ETCDCTL_ENDPOINTS; -timeout=5s
          -cacert -cert -tls-key -server-name -insecure-skip-tls-verify
          -user -password-file -password-command; $ETCDCTL_* as for etcdctl
away      -cache=FILE     the last answer of etcd, no older than -max-age=24h
          -fallback       run without variables from etcd
watch     -watch          the command is started anew after a change, or
          -on-change=restart|signal|exit|run:COMMAND  -reload-signal=HUP
          -wait=500ms:10s -splay=0s  -kill-signal=TERM -kill-timeout=30s
          -restart=no|on-failure|always
          -lock=/locks/app -slots=1: only so many restart at a time, each until
          -ready-after=10s or -ready=COMMAND
other     -s              as the first flag: split the words of a #! line
          -help  -version
exit      the command's own; 125 our failure, 126 not executable, 127 not found
`;
