/** HTTP answers that are no success: etcd's own by their gRPC code and text, a proxy's by their status. */
import { EtcdError, notEtcd, type ErrorCode, type ErrorTraits } from './errors.js';
import { serverErrors, type ServerRow } from './server-errors.js';

interface ProxyRow {
  code: ErrorCode;
  traits: ErrorTraits;
}

/** Characters of a server's own words that a message may hold. */
const SHOWN = 200;
/** The codes of gRPC; another number is not etcd's. */
const LAST_GRPC = 16;

const refused = (code: ErrorCode, hint: string): ProxyRow => ({ code, traits: { elsewhere: true, hint } });
const unsure = { retryable: true, indefinite: true };
const behind = { ...unsure, hint: 'the proxy has no good answer of etcd: look at both' };

/**
 * What a proxy says that etcd's gateway never says in plain text, by HTTP status. A refusal is definite: the request went no
 * further. After another one of 500 and more etcd may have had it.
 */
const proxyErrors: Readonly<Record<number, ProxyRow>> = {
  401: refused('unauthenticated', 'the proxy wants a login of its own, which this client does not have'),
  403: refused('permission_denied', 'ask the administrator of the proxy'),
  407: refused('unauthenticated', 'the proxy wants a login of its own, which this client does not have'),
  408: { code: 'timeout', traits: unsure },
  413: { code: 'too_large', traits: { elsewhere: true, hint: 'the limit is one of the proxy (nginx: client_max_body_size)' } },
  421: refused('unsupported', 'the proxy knows no such host: check the name in the endpoint'),
  429: refused('unavailable', 'the proxy limits how often one may ask: wait a while'),
  502: { code: 'unavailable', traits: behind },
  503: { code: 'unavailable', traits: behind },
  504: { code: 'timeout', traits: behind },
};

/**
 * The error that an HTTP answer means if it is not a success.
 * @param status HTTP status; it differs between versions for the same error, so it decides only if nothing else does
 * @param body the text of the body, JSON or not
 */
export function fromAnswer(status: number, body: string, endpoint: string): EtcdError {
  const { grpc, message } = parseErrorBody(body);
  const row = serverErrors.find((each) => fits(each, grpc, message, endpoint));
  if (row) {
    const why = row.why === undefined ? message : row.plain ? row.why : `${row.why} (${message})`;
    return new EtcdError(row.code, why, { ...row.traits, endpoint });
  }
  if (grpc === undefined) return fromProxy(status, message, endpoint);
  // From 3.5 on the gateway says of a path that it does not know `Not Found`, with the code of what is not found.
  if (message === 'Not Found' || grpc === UNIMPLEMENTED) return notEtcd(`HTTP ${status}`, endpoint, true);
  if (status >= 500) return new EtcdError('unavailable', message || `HTTP ${status}`, { ...unsure, endpoint });
  return new EtcdError('internal', message || `HTTP ${status}`, { endpoint });
}

const UNIMPLEMENTED = 12;

function fits(row: ServerRow, grpc: number | undefined, message: string, endpoint: string): boolean {
  if ((row.plain ?? false) !== (grpc === undefined) || (row.secure && !endpoint.startsWith('https:'))) return false;
  return (row.grpc === undefined || row.grpc === grpc) && (row.text === undefined || row.text.test(message));
}

/** What it wrote is a page for a browser: not shown, but in the log. */
function fromProxy(status: number, page: string, endpoint: string): EtcdError {
  const row = proxyErrors[status];
  const cause = new Error(`HTTP ${status}: ${page}`);
  if (row) return new EtcdError(row.code, `HTTP ${status}, from a proxy`, { ...row.traits, endpoint, cause });
  if (status < 500) return notEtcd(`HTTP ${status}`, endpoint, true);
  return new EtcdError('unavailable', `HTTP ${status}, from a proxy`, { ...behind, endpoint, cause });
}

function parseErrorBody(body: string): { grpc: number | undefined; message: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    // A call whose answer goes on has its error one level deeper, and 3.4 has another name for its code.
    const { error: inner } = (parsed ?? {}) as { error?: unknown };
    const said = typeof inner === 'object' && inner !== null ? inner : parsed;
    if (typeof said === 'object' && said !== null && ('code' in said || 'grpc_code' in said)) {
      const { grpc_code, code = grpc_code, message, error } = said as Record<string, unknown>;
      const text = typeof message === 'string' ? message : typeof error === 'string' ? error : '';
      const isGrpc = typeof code === 'number' && Number.isInteger(code) && code > 0 && code <= LAST_GRPC;
      return { grpc: isGrpc ? code : undefined, message: text.slice(0, SHOWN) };
    }
  } catch {
    // Not JSON: a text answer (gateway off, CommonName, a proxy).
  }
  return { grpc: undefined, message: body.slice(0, SHOWN) };
}
