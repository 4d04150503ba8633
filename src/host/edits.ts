/** Listings as text to edit: what they show, and the plan of an edited text. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type CallOptions, type Client, type Revision } from '../client/index.js';
import { encodeSegments, formatAddress, type Address } from '../keyspace/address.js';
import { readOutline } from '../keyspace/edit/outline.js';
import { numbered, settledNumbers, type SettledText } from '../keyspace/edit/numbers.js';
import { planEdit, type Edited } from '../keyspace/edit/plan.js';
import { refuseReadonly } from './door.js';
import { tellerOf } from './listings.js';
import type { EditedBuffer, PlanEdit } from './methods/edit-plan.js';
import type { Numbers } from './methods/open.js';
import type { PlanShown } from './plan-shown.js';
import type { Plans } from './plans.js';
import { formatSeen, parseSeen } from './seen.js';
import type { Session } from './session.js';

/** What `open` answers for an address with `?edit`. The editor gives the names their numbers, unless it asks for numbers. */
export interface OpenedEdit {
  kind: 'edit';
  address: string;
  /** One name on each line; `NUMBER<Tab>name` if numbers were asked for. */
  file: string;
  /** The greatest number, if there are numbers. */
  last?: number;
  count: number;
  revision: Revision;
  cluster_id: string;
  seen: string;
  readonly: boolean;
  /** Only what the roles of the user allow to see. */
  scoped: boolean;
}

/** What `edit_plan` answers. */
export interface EditShown extends PlanShown {
  /** The addresses of the texts that the plan applies. */
  texts: string[];
}

/** @throws EtcdError */
export async function openEdit(
  session: Session,
  client: Client,
  address: Address & { edit: 'level' | 'tree' },
  options: CallOptions,
  wanted?: Numbers,
): Promise<OpenedEdit> {
  const { profile, key: prefix, edit, top } = address;
  const onProgress = tellerOf(session, address);
  const { names, header, scoped } = await readOutline(client, { prefix, tree: edit === 'tree', onProgress }, options);
  // If every key begins with '/', everything is that prefix.
  if (top && names.length > 0 && names.every((name) => name.startsWith('/'))) {
    return openEdit(session, client, { ...address, key: '/', top: false }, options, wanted);
  }
  const { lines, last } = wanted ? linesOf(session, names, wanted, formatAddress(address)) : { lines: names };
  return {
    kind: 'edit',
    address: formatAddress(address),
    file: await session.bodies().offerParts(linesIn(lines)),
    ...(last !== undefined && { last }),
    count: names.length,
    revision: header.revision,
    cluster_id: header.clusterId,
    seen: formatSeen(header),
    readonly: session.settings(profile).readonly ?? false,
    scoped,
  };
}

/** @throws EtcdError as planEdit(), and permission_denied for a profile that is read-only */
export async function planEdits(
  session: Session,
  plans: Plans,
  { buffers, force = false }: PlanEdit,
  options: CallOptions,
): Promise<EditShown> {
  const edited = buffers.map((buffer) => editedOf(session, buffer));
  const [first] = buffers as [EditedBuffer];
  const { profile } = session.address(first.name);
  refuseReadonly(session, { profile });
  const { plan, texts, notes } = await planEdit(session.client(profile), { edited, force }, options);
  const names = texts.map((i) => (edited[i] as Edited).address);
  const prefixes = texts.map((i) => encodeSegments((edited[i] as Edited).prefix));
  const shown = await plans.keep({ title: `edit ${prefixes.join(' and ')}`, parts: [{ profile, plan }], notes, unchecked: force }, options);
  return { ...shown, texts: names };
}

function editedOf(session: Session, { name, base, text, cluster_id, seen }: EditedBuffer): Edited {
  const address = session.address(name);
  const read = (file: string): string => textOf(session.bodies().take(file), name);
  const original = read(base);
  const header = parseSeen(cluster_id, seen);
  return { address: name, prefix: address.key, base: original, text: text === undefined ? original : read(text), header };
}

/** The names with numbers: the numbers from the editor's texts, or new ones. */
function linesOf(session: Session, names: string[], { last, texts, own }: Numbers, name: string): { lines: string[]; last: number } {
  const read = (file: string): string => textOf(session.bodies().take(file), name);
  const settled = texts.map(({ name: of, base, text }): SettledText => ({
    prefix: session.address(of).key,
    ...(base !== undefined && { base: read(base) }),
    text: read(text),
  }));
  return numbered(names, settledNumbers(settled, own), last);
}

function textOf(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new EtcdError('invalid_address', `the text of ${name} is not UTF-8`, { hint: 'a byte of a key is written %XX' });
}

/** How many lines are written at once. */
const AT_ONCE = 4096;

function* linesIn(lines: readonly string[]): Generator<string> {
  for (let i = 0; i < lines.length; i += AT_ONCE) yield `${lines.slice(i, i + AT_ONCE).join('\n')}\n`;
}
