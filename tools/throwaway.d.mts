export function startThrowaway(command: string): Promise<{ endpoint: string; stop: () => Promise<void> }>;
