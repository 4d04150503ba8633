/** Ports of servers that may be down for a while. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { freePort } from '../../harness/port.js';

it('a port stays ours while nobody listens on it, also before other processes', async () => {
  const port = await freePort();
  const another = createSocket('udp4').bind({ port, address: '127.0.0.1', exclusive: true });
  await expect(once(another, 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const script = `require('node:dgram').createSocket('udp4').on('error', (e) => console.log(e.code)).bind(${port}, '127.0.0.1')`;
  expect(String(execFileSync(process.execPath, ['-e', script]))).toBe('EADDRINUSE\n');
});
