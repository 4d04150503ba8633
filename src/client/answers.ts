/** HTTP answers that are no success. etcd's own are known by their gRPC code and text, a proxy's by their status. */
import { EtcdError, notEtcd, type ErrorCode, type ErrorTraits } from './errors.js';
import { serverErrors, type ServerRow } from './server-errors.js';

interface ProxyRow {
  code: ErrorCode;
  traits: ErrorTraits;
}

/** How many characters of a server's own words a message may hold. */
const SHOWN = 200;
/** The last code of gRPC. A higher number is not etcd's. */
const LAST_GRPC = 16;

const refused = (code: ErrorCode, hint: string): ProxyRow => ({ code, traits: { elsewhere: true, hint } });
const unsure = { retryable: true, indefinite: true };
const behind = { ...unsure, hint: 'the proxy has no good answer of etcd: look at both' };

/**
 * What a proxy says, by HTTP status. etcd's gateway never says these in plain text. A refusal is definite: the request went no further.
 * After any other status of 500 or more, etcd may have had the request.
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
 * @param status HTTP status. Versions differ in it for the same error, so it decides only if nothing else does
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
  // From 3.5 on the gateway answers `Not Found` for a path that it does not know, with the code of something not found.
  if (message === 'Not Found' || grpc === UNIMPLEMENTED) return notEtcd(`HTTP ${status}`, endpoint, true);
  if (status >= 500) return new EtcdError('unavailable', message || `HTTP ${status}`, { ...unsure, endpoint });
  return new EtcdError('internal', message || `HTTP ${status}`, { endpoint });
}

const UNIMPLEMENTED = 12;

function fits(row: ServerRow, grpc: number | undefined, message: string, endpoint: string): boolean {
  if ((row.plain ?? false) !== (grpc === undefined) || (row.secure && !endpoint.startsWith('https:'))) return false;
  return (row.grpc === undefined || row.grpc === grpc) && (row.text === undefined || row.text.test(message));
}

/** A proxy writes a page for a browser: it is in the log, and is not shown. */
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
    // An answer that goes on has its error one level deeper, and 3.4 calls its code by another name.
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
