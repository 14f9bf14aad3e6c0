/**
 * What comes before a proof of `evm`, part by part: native execution, planning, filling, checking, writing the witness.
 * Processor time; `cold` is the first run of a process, `warm` the best of the following ones.
 * Usage: node test/bench/evmPlanner.ts [profile]   (evm-mixed by default)
 */
import { check } from "../../circuits/builder/check.ts";
import { emitWitness } from "../../circuits/builder/emitWitness.ts";
import { buildEvm } from "../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../circuits/programs/evm/evmPlan.ts";
import { traceChunk } from "../../protocol/evm/plan/chunkTraces.ts";
import { fullest, profileNamed } from "./evmProofs.ts";
import { ordinary, payments, tokenTransfers } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";
import { bestMicroseconds } from "./table.ts";

const ROUNDS = 4;
const name = process.argv[2] ?? "evm-mixed";
const profile = profileNamed(name);
const workload = { "evm-transfers": payments, "evm-mixed": ordinary }[name] ?? tokenTransfers;
const input = await fullest(profile, workload);

const plan = planEvm(profile, input);
const built = buildEvm(profile, plan);
const { blocks, machine: rows } = plan.chunk;
const steps = blocks.reduce((total, block) => total + block.steps.length, 0);
const transactions = blocks.reduce((total, block) => total + block.transactions.length, 0);
const operations = built.circuit.ops.length;

const parts: Readonly<
  Record<string, { readonly run: () => unknown; readonly count: number; readonly of: string }>
> = {
  "native execution, from the witness of the state": { run: () => traceChunk(input), count: steps, of: "opcode" }, // prettier-ignore
  "the same and planning": { run: () => planEvm(profile, input), count: rows.t, of: "row" },
  "circuit built and filled": { run: () => buildEvm(profile, plan), count: built.witness.length, of: "wire" },
  "every constraint checked": { run: () => check(built.circuit, built.witness), count: operations, of: "word of the circuit" }, // prettier-ignore
  "witness written": { run: () => emitWitness(built.witness), count: built.witness.length, of: "wire" },
};

console.log(
  `\n## Before a proof of \`${name}\`: ${transactions} transactions, ${steps} opcodes, ${rows.t} rows`,
);
console.log(`${machine()}, processor time\n`);
console.log("| what | first run, ms | warm, ms | ratio to the first | warm, a piece |\n| --- | --- | --- | --- | --- |"); // prettier-ignore
let reference: number | undefined;
for (const [what, { run, count, of }] of Object.entries(parts)) {
  const first = bestMicroseconds(1, 1, run);
  const warm = bestMicroseconds(ROUNDS, 1, run);
  reference ??= warm;
  console.log(`| ${what} | ${(first / 1000).toFixed(0)} | ${(warm / 1000).toFixed(0)} | ${(warm / reference).toFixed(2)} | ${((warm * 1000) / count).toFixed(0)} ns a${of === "opcode" ? "n" : ""} ${of} |`); // prettier-ignore
}
