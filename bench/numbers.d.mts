export function quantile(values: number[], share: number): number;
export function median(values: number[]): number;
