/** What a put would change, and whether the user has to be asked before it is sent. */
import type { CallOptions } from '../client/index.js';
import { encodeSegments, formatAddress, type Address } from '../keyspace/address.js';
import { baseOf, digestOf } from '../keyspace/document.js';
import { unifiedDiff } from '../keyspace/write/diff.js';
import { wouldWrite } from '../keyspace/write/save.js';
import { asBase, describeBase, readBeside } from './base.js';
import { heldBy } from './held.js';
import { noteLine } from './notes.js';
import type { Preview, PreviewPut } from './protocol.js';
import { writableAddress } from './put.js';
import { standingOf } from './rules.js';
import type { Session } from './session.js';
import { validate } from './validate.js';
import { refuseAppend, shownAs, writtenAs } from './views.js';

/** @throws EtcdError what writableAddress() throws, and those of reading a key */
export async function previewPut(
  session: Session,
  { name, file, append, base, force, agreed, person, unchecked }: PreviewPut,
  options: CallOptions,
): Promise<Preview> {
  const address = writableAddress(session, name);
  const canonical = formatAddress(address);
  if (append) refuseAppend(address);
  const text = session.bodies().take(file);
  const client = session.client(address.profile);
  const own = !append && base?.address === canonical ? asBase(base) : undefined;
  const given = await writtenAs(client, address, text, own, options);
  const there = await readBeside(client, address.key, own, options);
  const before = there.kv?.value ?? Buffer.alloc(0);
  const after = append ? Buffer.concat([before, given]) : given;
  if (!unchecked && own?.digest !== digestOf(after)) await validate(session.rules(), address.key, after, options);
  const put = { key: address.key, value: after, ...(own && { base: own }), force: (force ?? false) || (append ?? false) };
  const { confirm, note } = standingOf(session.settings(address.profile), address.key);
  const holding = { lease: there.kv?.lease, ...(agreed !== undefined && { agreed }), ...(person !== undefined && { person }) };
  const held = force ? undefined : await heldBy(session, address, holding, options);
  const [from, to] = sidesOf(address, before, after);
  return {
    address: canonical,
    file: session.bodies().offer(unifiedDiff(from, to)),
    text: !from.includes(0) && !to.includes(0),
    ask: !there.foreign && (confirm || held !== undefined) && wouldWrite(put, there.kv),
    doubt: !confirm && held?.sure === false,
    notes: note === undefined ? [] : [noteLine(address.key, note)],
    ...(held && { held: { lease: there.kv?.lease ?? '0', why: `${encodeSegments(address.key)} ${held.why}` } }),
    base: describeBase(canonical, baseOf(there)),
  };
}

/** Both sides as the address shows them. If it cannot show them, because the value may have become something else, both as bytes. */
function sidesOf(address: Address, before: Buffer, after: Buffer): [Buffer, Buffer] {
  try {
    return [before.length === 0 ? before : shownAs(address, before), shownAs(address, after)];
  } catch {
    return [before, after];
  }
}
