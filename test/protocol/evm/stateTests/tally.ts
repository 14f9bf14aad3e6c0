import type { Expectation } from "./fixture.ts";
import type { Outcome } from "./runCase.ts";

type Count = { passed: number; failed: number; leftOut: Map<string, number> };

/** Where a combination stands: folder, file, test in it, and which of its values. */
export type CaseName = {
  readonly folder: string;
  readonly file: string;
  readonly test: string;
  readonly indexes: Expectation["indexes"];
};

/** Outcomes by folder. */
export class Tally {
  readonly #counts = new Map<string, Count>();
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Counts an outcome and tells a failure at once. */
  add({ folder, file, test, indexes }: CaseName, outcome: Outcome): void {
    const count = this.#of(folder);
    if (outcome.kind === "passed") count.passed++;
    else if (outcome.kind === "left out")
      count.leftOut.set(outcome.reason, (count.leftOut.get(outcome.reason) ?? 0) + 1);
    else {
      count.failed++;
      const { data, gas, value } = indexes;
      this.#print(`FAILED ${file} ${test} (data ${data}, gas ${gas}, value ${value})`);
      for (const line of outcome.differences) this.#print(`  ${line}`);
    }
  }

  #of(folder: string): Count {
    let count = this.#counts.get(folder);
    if (count === undefined)
      this.#counts.set(folder, (count = { passed: 0, failed: 0, leftOut: new Map<string, number>() }));
    return count;
  }

  get passed(): number {
    return this.#sum(({ passed }) => passed);
  }

  get failed(): number {
    return this.#sum(({ failed }) => failed);
  }

  get leftOut(): number {
    return this.#sum(({ leftOut }) => [...leftOut.values()].reduce((sum, n) => sum + n, 0));
  }

  #sum(of: (count: Count) => number): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + of(count), 0);
  }

  report(): void {
    for (const [folder, { passed, failed, leftOut }] of [...this.#counts].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      const out = [...leftOut.values()].reduce((sum, n) => sum + n, 0);
      this.#print(`${folder}: ${passed} passed, ${failed} failed, ${out} left out`);
      for (const [reason, n] of leftOut) this.#print(`  left out ${n}: ${reason}`);
    }
    this.#print(`all: ${this.passed} passed, ${this.failed} failed, ${this.leftOut} left out`);
  }
}
