interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[];
}

export function tables(report: Report): string;
export function writeFidelity(report: Report): Promise<number>;
