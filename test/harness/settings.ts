/** Profiles as a user writes them, in the form that `configure` takes. */

interface Written {
  settings: object;
  environment: Record<string, string>;
}

/**
 * @param profiles by name; '' is the default one. A `password` may not be in g:etcd: for the default profile it is in the environment, and
 * for another one a command prints it.
 */
export function written(profiles: Record<string, object>): Written {
  const { '': top = {}, ...named } = profiles as Record<string, { password?: string }>;
  const { password, ...own } = top;
  const others = Object.entries(named).map(([name, { password: secret, ...more }]) => [
    name,
    { ...more, ...(secret !== undefined && { password_command: ['printf', '%s', secret] }) },
  ]);
  return {
    settings: { ...own, profiles: Object.fromEntries(others) as object },
    environment: password === undefined ? {} : { ETCDCTL_PASSWORD: password },
  };
}
