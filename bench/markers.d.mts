export function putBetween(document: string, begin: string, end: string, text: string): string;
