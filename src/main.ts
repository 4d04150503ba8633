/** The host that the plugin starts: frames on stdin and stdout, gone when stdin ends. */
import { setFlagsFromString } from 'node:v8';
import { createDispatcher } from './host/dispatcher.js';
import { late } from './host/methods/lately.js';
import { encodeFrame, frameReader } from './host/wire.js';
import { log } from './host/log.js';

/** Told apart from a crash by autoload/etcd/host/job.vim. */
const EXIT_TOO_OLD = 3;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 18)) process.exit(EXIT_TOO_OLD);

// V8 compiles undici's parser (WebAssembly) at once, and after a few answers again, optimized: a quarter of a second of CPU for each
// editor, before the end of which Node 20 does not exit. It parses headers, and values come no faster for it. So let it be much more
// that runs before (in bytes of code, about); no flag is promised to be in a later V8.
if (major <= 24) setFlagsFromString('--wasm-tiering-budget=2000000000');

const dispatcher = createDispatcher((frame) => process.stdout.write(encodeFrame(frame)));
// After the first value is shown, and before somebody writes it. A request that cannot be answered without says why.
setTimeout(() => void late().catch(() => undefined), 1000).unref();

const read = frameReader((frame) => dispatcher.receive(frame), log);

function leave(): void {
  dispatcher.close();
  process.exit(0);
}

process.stdin.on('data', read);
process.stdin.on('end', leave);
process.stdin.on('error', leave);
// The editor died with our answer in the pipe.
process.stdout.on('error', leave);
// An editor that is killed takes its terminal with it; nothing of ours may outlive it.
process.on('SIGHUP', leave);
process.on('SIGTERM', leave);
