/** A Vim script, by its name in the repository. */
export interface ScriptFile {
  name: string;
  lines: string[];
}

export interface Problem {
  file: string;
  line: number;
  rule: string;
  message: string;
}

export function lint(files: ScriptFile[], texts: { name: string; text: string }[]): Problem[];
