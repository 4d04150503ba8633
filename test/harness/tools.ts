/** The editors and servers that this run tests with: given by tools/test.mjs, else found here. */

export interface EditorTool {
  name: string;
  command: string;
  kind: 'vim' | 'nvim';
}

export interface Tools {
  editors: EditorTool[];
  etcds: { name: string; command: string }[];
  etcdctl: string | undefined;
  tmux: string;
}

const given = process.env['ETCD_VIM_TEST_TOOLS'];

async function find(): Promise<Tools> {
  const { findTools } = await import('../../tools/toolbox.mjs');
  return (await findTools({ matrix: false })) as Tools;
}

export const tools: Tools = given === undefined ? await find() : (JSON.parse(given) as Tools);
