// Turns a frame into something else: a bit, a piece, a type. It has a seed, so that a finding can be repeated.

const STRANGE = [
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  'x',
  '',
  '\u0000\u001b[31m',
  [],
  {},
  [[]],
  [1],
  { ok: null },
  { err: {} },
  { event: 7 },
  { event: 'progress' },
];
const BYTES = [0x00, 0x1b, 0x22, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x5c, 0x0a, 0x0d, 0x80, 0xc3, 0xff];

/**
 * @param {Buffer} line one frame, without its newline
 * @param {() => number} next
 * @returns {Buffer}
 */
export function garble(line, next) {
  const at = Math.floor(next() * line.length);
  const to = at + Math.floor(next() * (line.length - at));
  const part = line.subarray(at, to);
  switch (Math.floor(next() * 7)) {
    case 0: {
      const changed = Buffer.from(line);
      changed[at] = Number(changed[at]) ^ (1 << Math.floor(next() * 8));
      return changed;
    }
    case 1:
      return line.subarray(0, at);
    case 2:
      return Buffer.concat([line.subarray(0, to), part, line.subarray(to)]);
    case 3:
      return Buffer.concat([line.subarray(0, at), line.subarray(to)]);
    case 4: {
      const noise = Array.from({ length: 1 + Math.floor(next() * 8) }, () => Number(BYTES[Math.floor(next() * BYTES.length)]));
      return Buffer.concat([line.subarray(0, at), Buffer.from(noise), line.subarray(at)]);
    }
    case 5:
      return Buffer.concat([line, line]);
    default:
      return retyped(line, next);
  }
}

/**
 * It is still well-formed, but something in it has another type.
 * @param {Buffer} line
 * @param {() => number} next
 */
function retyped(line, next) {
  const frame = JSON.parse(line.toString());
  /** @type {[any, string][]} */
  const places = [];
  (function visit(/** @type {any} */ value) {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value, key]);
      visit(value[key]);
    }
  })(frame);
  const [owner, key] = places[Math.floor(next() * places.length)] ?? [{}, ''];
  if (next() < 0.2 && !Array.isArray(owner)) delete owner[key];
  else owner[key] = STRANGE[Math.floor(next() * STRANGE.length)];
  return Buffer.from(JSON.stringify(frame));
}
