/** node run.ts <first> <count> [flavours]: proves the cases of seeds one after another and reports failures. */
import { Coverage } from "./coverage.ts";
import { caseOfSeed, FLAVOURS, type Flavour } from "./generateCase.ts";
import { proveCase } from "./proveCase.ts";

const [first = "1", count = "20", names] = process.argv.slice(2);
const flavours = names === undefined ? FLAVOURS : (names.split(",") as Flavour[]);
const coverage = new Coverage();
const failures = new Map<string, number[]>();
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const start = performance.now();
  const { failure, rows, traces } = await proveCase(caseOfSeed(seed, flavours));
  coverage.add(traces);
  const sent = traces.reduce((sum, { transactions }) => sum + transactions.length, 0);
  console.log(
    seed,
    failure?.signature ?? "ok",
    `${sent} tx ${rows} rows ${Math.round(performance.now() - start)} ms`,
  );
  if (failure) {
    if (!failures.has(failure.signature)) console.log(failure.details);
    failures.set(failure.signature, [...(failures.get(failure.signature) ?? []), seed]);
  }
}
console.log("\n" + [...failures].map(([signature, seeds]) => `${signature}: ${seeds.join(" ")}`).join("\n"));
console.log("missed", coverage.missed([1, 2, 3, 4, 5, 9]));
