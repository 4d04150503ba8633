/** Errors before the command has taken our place: one line, and an exit code. */
import { asEtcdError, type EtcdError, type Reason, type Subjects } from '../client/index.js';

/** Our own failure; a command that cannot be executed; one that does not exist. These are the codes of env(1) and of shells. */
export const EXIT = { own: 125, notExecutable: 126, notFound: 127 } as const;

export interface Failure extends Error {
  exit: number;
  help?: string;
}

/** @param help what to do */
export function failure(why: string, help?: string, exit: number = EXIT.own): Failure {
  return Object.assign(new Error(why), { exit, ...(help !== undefined && { help }) });
}

type Words = { readonly [R in Reason]?: (details: Subjects[R]) => string };

/** The words of a command line for the reasons of errors. Reasons of writes cannot occur here. */
const words: Words = {
  no_endpoints: () => 'set -host or $ETCDCTL_ENDPOINTS',
  nobody_listens: () => 'check -host or $ETCDCTL_ENDPOINTS',
  no_user: () => 'set -user or $ETCDCTL_USER',
  not_logged_in: () => 'set -user or $ETCDCTL_USER',
  secret_file: () => 'check -password-file',
  tls_file: ({ setting }) => `check ${setting === 'key' ? '-tls-key' : `-${setting}`} or $ETCDCTL_${setting.toUpperCase()}`,
  half_a_pair: () => 'set both -cert and -tls-key',
  not_a_pair: () => 'check -cert and -tls-key',
  key_format: () => 'check -tls-key',
  pem_format: () => 'check -cacert, -cert and -tls-key',
  passphrase_missing: () => 'use a key without one',
  unknown_ca: ({ cacert }) => (cacert === undefined ? 'set -cacert or $ETCDCTL_CACERT' : `check ${cacert}`),
  other_name: ({ serverName }) => (serverName === undefined ? 'set -server-name' : `${serverName} is the wrong -server-name`),
  certificate_refused: ({ cert }) => (cert === undefined ? 'set -cert and -tls-key' : `check ${cert}`),
  closed_unheard: ({ cert }) => (cert === undefined ? 'if the server wants a certificate, set -cert and -tls-key' : `check ${cert}`),
  certificate_expired: () => 'renew it',
  read_elsewhere: () => 'check the endpoints',
};

/** @returns the line for stderr, without its newline, and the exit code */
export function tell(thrown: unknown, what = ''): { line: string; exit: number } {
  if (thrown instanceof Error && 'exit' in thrown) {
    const { message, help, exit } = thrown as Failure;
    return { line: lineOf([message, help]), exit };
  }
  const error = asEtcdError(thrown);
  const at = error.endpoint === undefined || what === '' ? '' : ` (${error.endpoint})`;
  const why = what === '' ? error.message : `cannot read ${what}${at}: ${error.message}`;
  return { line: lineOf([why, helpOf(error)]), exit: EXIT.own };
}

function helpOf({ hint, subject }: EtcdError): string | undefined {
  if (!subject) return hint;
  const word = words[subject.reason] as ((details: object) => string) | undefined;
  return word?.(subject);
}

function lineOf(parts: readonly (string | undefined)[]): string {
  return oneLine(`etcdenv: ${parts.filter((part) => part !== undefined).join('; ')}`);
}

/** Whatever the text holds, it stays one line, and gives the terminal no orders. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
