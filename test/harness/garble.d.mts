export function random(seed: number): () => number;
export function garble(line: Buffer, next: () => number): Buffer;
