/** Every -format by its name. */
import { docker, dotenv, github, systemd } from './files.js';
import { each, textOf, type Format } from './format.js';
import { go } from './go.js';
import { fish, sh } from './shell.js';

export { type Format, type Written } from './format.js';
export { quoted } from './shell.js';

/** A single object, in the order of the variables. */
const json: Format = (variables) => {
  const texts = variables.map(({ name, value }) => `  ${JSON.stringify(name)}: ${JSON.stringify(textOf(name, value, 'json'))}`);
  return Buffer.from(texts.length === 0 ? '{}\n' : `{\n${texts.join(',\n')}\n}\n`);
};

/** The format of `xargs -0` and /proc/PID/environ. */
const nul: Format = each((name, value) => Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from([0])]));

export const formats: Readonly<Record<string, Format>> = { env: go, sh, fish, dotenv, docker, systemd, json, nul, github };
