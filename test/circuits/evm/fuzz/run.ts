/**
 * node run.ts <first seed> <count> [flavours] [--coverage]: proves the cases of seeds one after another and reports what fails.
 * Exit code 1: a case fails, or, with --coverage, something that has to be met was not.
 */
import { parseArgs } from "node:util";
import { Coverage } from "./coverage.ts";
import { caseOfSeed, FLAVOURS, type Flavour } from "./generateCase.ts";
import { PRECOMPILED } from "./precompileInput.ts";
import { proveCase } from "./proveCase.ts";

/** Seeds between two reports. */
const PROGRESS = 25;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { coverage: { type: "boolean", default: false } } }); // prettier-ignore
const [first = "1", count = "20", names] = positionals;
const flavours = names === undefined ? FLAVOURS : (names.split(",") as Flavour[]);
const coverage = new Coverage();
const failures = new Map<string, number[]>();
let [proven, skipped] = [0, 0];

const begun = performance.now();
for (let i = 0; i < Number(count); i++) {
  await run(Number(first) + i);
  if ((i + 1) % PROGRESS === 0) report(i + 1);
}
const missed = coverage.missed(PRECOMPILED);
report(Number(count));
for (const [signature, seeds] of failures) console.log(`${signature}: ${seeds.join(" ")}`);
console.log(`not met: ${missed.join(", ") || "nothing"}`);
process.exitCode = failures.size > 0 || (values.coverage && missed.length > 0) ? 1 : 0;

async function run(seed: number): Promise<void> {
  const start = performance.now();
  const { failure, rows, traces } = await proveCase(caseOfSeed(seed, flavours));
  const sent = traces.reduce((sum, { transactions }) => sum + transactions.length, 0);
  const took = Math.round(performance.now() - start);
  console.log(seed, failure?.signature ?? "ok", `${sent} tx ${rows} rows ${took} ms`);
  if (failure?.kind === "invalid") skipped++;
  else if (failure === undefined) {
    proven++;
    coverage.add(traces);
  } else {
    if (!failures.has(failure.signature)) console.log(failure.details);
    failures.set(failure.signature, [...(failures.get(failure.signature) ?? []), seed]);
  }
}

function report(done: number): void {
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${done}/${count} in ${seconds} s: ${proven} proven, ${skipped} too long to prove, ${failures.size} kinds of failures`,
  );
  if (values.coverage) console.log(coverage.table(PRECOMPILED));
}
