export function readOptions(
  args: string[],
  env: Record<string, string | undefined>,
): { editor: string | undefined; endpoints: string | undefined; help: boolean; addresses: string[] };
