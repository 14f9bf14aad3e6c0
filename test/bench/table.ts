/** Figures of a benchmark as a table, with the machine and the date they were taken on. */
import { machine } from "./machine.ts";

export type Row = { readonly what: string; readonly value: number; readonly unit: string };

/**
 * The best of `rounds` runs, in microseconds of processor time for each of the `count` operations of one run: unlike the
 * clock's, it hardly depends on what else the machine does.
 */
export function bestMicroseconds(rounds: number, count: number, run: () => void): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best / count;
}

/** Prints `rows` with their ratio to the first one. */
export function printTable(title: string, rows: readonly Row[]): void {
  const [reference] = rows;
  console.log(`\n## ${title}\n${machine()}, processor time\n`);
  console.log("| what | figure | ratio to the first |\n| --- | --- | --- |");
  for (const { what, value, unit } of rows) {
    const ratio = reference === undefined ? 1 : value / reference.value;
    console.log(`| ${what} | ${value.toFixed(value < 100 ? 1 : 0)} ${unit} | ${ratio.toFixed(2)} |`);
  }
}
