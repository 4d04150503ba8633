export interface Tools {
  editors: { name: string; version: string; command: string; kind: 'vim' | 'nvim' }[];
  etcds: { name: string; version: string; command: string }[];
  etcdctl: string | undefined;
  tmux: string;
}

export function findTools(options: { matrix: boolean }): Promise<Tools>;
