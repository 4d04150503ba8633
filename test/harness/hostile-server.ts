/** HTTP servers that answer everything in one wrong way. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface HostileServer {
  endpoint: string;
  /** Requests that came. */
  asked(): number;
  close(): void;
}

const head = (length: number | undefined, extra = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${length === undefined ? '' : `content-length: ${length}\r\n`}${extra}\r\n`;
const ok = (body: string | Buffer): (string | Buffer)[] => [head(Buffer.byteLength(body)), body];
const HEADER = '"header":{"cluster_id":"7","revision":"9"}';
const MIB = 1024 * 1024;

/** Sends a chunk for ever, as fast as it is taken; or a byte for ever, slowly. */
function endless(socket: Socket, piece: Buffer, pause: number): void {
  const more = (): void => {
    if (socket.destroyed) return;
    if (socket.write(piece)) setTimeout(more, pause);
    else socket.once('drain', more);
  };
  more();
}

type Answer = (socket: Socket) => void;
const says =
  (...pieces: (string | Buffer)[]): Answer =>
  (socket) => {
    for (const piece of pieces) socket.write(piece);
  };

/** By name; each takes a connection on which a request has come. */
export const answers: Readonly<Record<string, Answer>> = {
  'a redirect': says('HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
  'HTML with 200': says(...ok('<html><script>alert(1)</script>\x1b]0;title\x07</html>')),
  'a body that is cut': (socket) => socket.end(`${head(1000)}{${HEADER}`),
  'a body without an end': (socket) => {
    socket.write(head(undefined, 'transfer-encoding: identity\r\n'));
    endless(socket, Buffer.alloc(MIB, '{'), 0);
  },
  'a value of 120 MB': says(
    head(undefined, 'connection: close\r\n'),
    `{${HEADER},"kvs":[{"key":"L3g=","value":"`,
    Buffer.alloc(120 * MIB, 'A'),
    '"}]}',
  ),
  'ten million objects': (socket) =>
    socket.end(
      Buffer.concat([
        Buffer.from(`${head(undefined, 'connection: close\r\n')}{${HEADER},"kvs":[`),
        Buffer.alloc(30 * MIB, '{},'),
        Buffer.from('{}]}'),
      ]),
    ),
  'a byte at a time': (socket) => {
    socket.write(`${head(100_000)}{${HEADER},"kvs":[`);
    endless(socket, Buffer.from(' '), 20);
  },
  'CRLF in its fields': says(
    ...ok(`{"header":{"cluster_id":"7\\r\\nx: y","revision":"1\\r\\n"},"kvs":[{"key":"L3g=","mod_revision":"1\\r\\n"}]}`),
  ),
  'wrong types': says(...ok(`{${HEADER},"kvs":{"length":3},"count":[],"more":"x"}`)),
  'wrong types within': says(...ok(`{${HEADER},"kvs":[null,7,"x",{"key":5,"value":{},"mod_revision":[],"lease":true}],"count":"1"}`)),
  'huge numbers': says(...ok(`{${HEADER},"kvs":[{"key":"L3g=","mod_revision":1e999,"version":${'9'.repeat(400)}}],"count":1e308}`)),
  'deep JSON': says(...ok(`{${HEADER},"kvs":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)),
  'invalid UTF-8': says(
    ...ok(
      Buffer.concat([Buffer.from(`{${HEADER},"message":"`), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]), Buffer.from('"')]),
    ),
  ),
  'gzip unasked': says(
    ...((body) => [head(body.length, 'content-encoding: gzip\r\n'), body])(Buffer.from('1f8b08000000000000034bad284ecd2e', 'hex')),
  ),
  'a wrong content-length': says(head(5), `{${HEADER},"count":"0"}`),
  'no header': says(...ok('{"kvs":[{"key":"L3g=","value":"eA=="}]}')),
  'control characters': says(
    ...((body) => [`HTTP/1.1 400 Bad Request\r\ncontent-length: ${body.length}\r\n\r\n`, body])(
      JSON.stringify({ code: 3, message: `etcdserver: \x1b]0;owned\x07\x1b[31m%{system('id')}\n\u202e${'x'.repeat(5000)}` }).replaceAll(
        '\u202e',
        '\\u202e',
      ),
    ),
  ),
  'no HTTP at all': says('220 mail.example ESMTP\r\n'),
};

export async function startHostile(answer: Answer): Promise<HostileServer> {
  const sockets: Socket[] = [];
  let asked = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      if (!piece.includes('POST ')) return;
      asked++;
      answer(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
