/** The host that the plugin starts. It has frames on stdin and stdout, and ends when stdin ends. */
import { setFlagsFromString } from 'node:v8';
import { createDispatcher } from './host/dispatcher.js';
import { late } from './host/methods/lately.js';
import { encodeFrame, frameReader } from './host/wire.js';
import { log } from './host/log.js';

/** By this autoload/etcd/host/job.vim knows it from a crash. */
const EXIT_TOO_OLD = 3;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 18)) process.exit(EXIT_TOO_OLD);

// V8 compiles undici's parser (WebAssembly) at once, and again, optimized, after a few answers. That costs each editor a quarter of a
// second of CPU, and Node 20 does not exit before it is done. The parser reads headers, so values come no faster for it. We let V8
// optimize only after it has run much more (about so many bytes of code). A later V8 may not have the flag.
if (major <= 24) setFlagsFromString('--wasm-tiering-budget=2000000000');

const dispatcher = createDispatcher((frame) => process.stdout.write(encodeFrame(frame)));
// After the first value is shown, and before somebody writes it. If loading fails, the request that needs it says why.
setTimeout(() => void late().catch(() => undefined), 1000).unref();

const read = frameReader((frame) => dispatcher.receive(frame), log);

function leave(): void {
  dispatcher.close();
  process.exit(0);
}

process.stdin.on('data', read);
process.stdin.on('end', leave);
process.stdin.on('error', leave);
// The editor died while our answer was in the pipe.
process.stdout.on('error', leave);
// If an editor is killed, its terminal goes with it, and nothing of ours may outlive it.
process.on('SIGHUP', leave);
process.on('SIGTERM', leave);
