/** Files of variables that other programs read, each by its own rules. */
import { eachText, unwritable, type Format } from './format.js';

/** https://github.com/motdotla/dotenv: quotes cannot be escaped, so the value decides which kind of quotes is used. */
export const dotenv: Format = eachText('dotenv', (name, value) => {
  const isPlain = value !== '' && value === value.trim() && !/[#\r\n\u2028\u2029]|^['"`]/.test(value);
  if (isPlain) return `${name}=${value}\n`;
  const fits = (quote: string): boolean => !value.includes(quote) && !value.endsWith('\\');
  for (const quote of ["'", '`']) {
    if (fits(quote) && !value.includes('\r')) return `${name}=${quote}${value}${quote}\n`;
  }
  if (fits('"') && !/\\[nr]/.test(value)) return `${name}="${value.replaceAll('\r', '\\r')}"\n`;
  throw unwritable(name, 'dotenv', 'it has too many kinds of quotes');
});

/** `docker run --env-file`: each variable is one line, and nothing is quoted. */
export const docker: Format = eachText('docker', (name, value) => {
  if (/[\r\n]/.test(value)) throw unwritable(name, 'docker', 'its value has more than one line');
  return `${name}=${value}\n`;
});

/** EnvironmentFile= of systemd.exec(5). Only these two control characters are allowed. */
export const systemd: Format = eachText('systemd', (name, value) => {
  if (/(?![\t\n])\p{Cc}/u.test(value)) throw unwritable(name, 'systemd', 'its value has control characters');
  return `${name}="${value.replaceAll(/["\\`$]/g, '\\$&')}"\n`;
});

/** The file $GITHUB_ENV of GitHub Actions. A word that nobody can foresee ends a value. */
export const github: Format = eachText('github', (name, value) => {
  if (name.includes('<<')) throw unwritable(JSON.stringify(name), 'github', 'its name has a "<<"');
  if (value.endsWith('\r')) throw unwritable(name, 'github', 'its value ends in a carriage return');
  const end = `etcdenv_${process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex')}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
});
