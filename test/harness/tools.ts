/** The editors and servers of this run. Whoever runs the tests gives them; else they are found here. */
import { findTools, type Tools as Found } from '../../tools/toolbox.mjs';

export type Tools = Found & { tmux: string };

export type EditorTool = Tools['editors'][number];

const given = process.env['ETCD_VIM_TEST_TOOLS'];

export const tools = (given === undefined ? await findTools() : JSON.parse(given)) as Tools;
