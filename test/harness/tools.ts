/** The editors and servers that this run tests with: given by tools/test.mjs, else found here. */
import type { Tools } from '../../tools/toolbox.mjs';

export type EditorTool = Tools['editors'][number];

const given = process.env['ETCD_VIM_TEST_TOOLS'];

async function find(): Promise<Tools> {
  const { findTools } = await import('../../tools/toolbox.mjs');
  return findTools({ matrix: false });
}

export const tools: Tools = given === undefined ? await find() : (JSON.parse(given) as Tools);
