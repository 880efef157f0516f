/** What a benchmark found, with units in the names. */
export interface BenchResult {
  readonly bench: string;
  readonly figures: Readonly<Record<string, number | string | null>>;
  readonly ratios: Readonly<Record<string, number>>;
  readonly wanted: Readonly<Record<string, number>>;
  readonly met: boolean;
}

/** Prints rows of cells under their headings, columns as wide as their widest cell; the first is a name. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [headings, ...rows]) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(cells.join("  "));
  }
}

/** Prints the one line of JSON that every benchmark ends with. */
export function printResult(result: BenchResult): void {
  console.log(JSON.stringify(result));
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** For what is compared with a number of two digits: 0.965 is not 0.97. */
export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The value that as many of the others reach as not; NaN of nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The lowest value that `percent` of all do not exceed; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
