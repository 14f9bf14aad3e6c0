/**
 * The long fuzz of the program `evm`: random blocks, executed natively and filled into a circuit that is exactly large enough.
 * node scripts/fuzzEvm.ts [--first 1] [--count 1000]: fails if a case does, or if an opcode, a way to end, a type of transaction or a
 * precompile was not met, for which 150 seeds are enough; a table says as it goes what was. A failing seed is made small by
 * test/circuits/evm/fuzz/shrinkSeed.ts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { first: { type: "string", default: "1" }, count: { type: "string", default: "1000" } },
});
const run = fileURLToPath(new URL("../test/circuits/evm/fuzz/run.ts", import.meta.url));
const child = spawn(process.execPath, [run, values.first, values.count, "--coverage"], { stdio: "inherit" });
const [code] = (await once(child, "exit")) as [number | null];
process.exitCode = code ?? 1;
