/** Frames: each line is one JSON value, ASCII only, so that no editor's decoder meets a byte it is unsure about. */

/** A line over this many bytes is not one of ours. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** What a line must not hold unescaped. An escaped backslash matches first, so that the text `\u0000` stays. */
const UNSAFE = /\\\\|\\u0000|[^\x20-\x7e]/g;

/** @returns one line, printable ASCII, with its newline */
export function encodeFrame(frame: unknown): string {
  return `${JSON.stringify(frame).replace(UNSAFE, safe)}\n`;
}

function safe(found: string): string {
  if (found === '\\\\') return found;
  // Vim's decoder loses NUL, so its picture is sent instead. Whatever must be exact does not cross as a string.
  if (found === '\\u0000') return '\\u2400';
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * @param onFrame gets each decoded line
 * @param onGarbage gets what was not JSON, or too long; the next line is read as usual
 * @returns a function that takes the chunks of the stream
 */
export function frameReader(onFrame: (frame: unknown) => void, onGarbage: (why: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping = false;

  function endLine(): void {
    const line = Buffer.concat(parts);
    parts = [];
    size = 0;
    if (skipping) {
      skipping = false;
      return;
    }
    if (line.length === 0) return;
    let frame: unknown;
    try {
      frame = JSON.parse(line.toString('utf8'));
    } catch {
      onGarbage('a line that is not JSON');
      return;
    }
    onFrame(frame);
  }

  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at));
      endLine();
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size > MAX_LINE_BYTES && !skipping) {
      skipping = true;
      onGarbage(`a line over ${MAX_LINE_BYTES} bytes`);
    }
    if (skipping) parts = [];
    else if (rest.length > 0) parts.push(rest);
  };
}
