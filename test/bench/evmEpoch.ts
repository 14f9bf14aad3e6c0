/**
 * What is above the chunks of `evm`: a merge in a batch, a batch for Solidity, a merge in an epoch, an epoch for Bitcoin, each
 * proven for real over chunks of `evm-small`; and what an epoch's proof costs as the L3s in it grow.
 * Usage: node test/bench/evmEpoch.ts   (some minutes; the keys are built when missing)
 */
import type { ProofRecord } from "../../agents/kit/jobs/proofRecord.ts";
import { verifyInEvm } from "../../agents/kit/verifier/verifyInEvm.ts";
import { loadPrograms } from "../../agents/prover/programs.ts";
import { settlementAfter } from "../../agents/prover/plan.ts";
import { buildStep, type Step } from "../../agents/prover/step.ts";
import { gates } from "../../proving/barretenberg/gates.ts";
import { getReferenceString } from "../../proving/referenceString/referenceString.ts";
import { type Filled, fill, fillChunk, profileNamed, proveFilled, sum, type Took } from "./evmProofs.ts";
import { consecutiveTransfers } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";

const L3S = [1, 4, 16];

const referenceString = await getReferenceString("local");
const { keys, verifiers, circuitKeys } = await loadPrograms(referenceString);
const SMALL = profileNamed("evm-small");
const rows: string[] = [];
const both = ({ seconds, cpuSeconds }: Took): string => `${seconds.toFixed(1)} / ${cpuSeconds.toFixed(1)}`;

async function prove(name: string, filled: Filled): Promise<{ record: ProofRecord; took: Took }> {
  const { proof, took } = await proveFilled(filled, keys[name]!, referenceString);
  const whole = sum(filled.plan, filled.build, filled.check, filled.emit, took);
  const { gates: count } = await gates(keys[name]!.program);
  const peak = (proof.peakBytes / 2 ** 30).toFixed(2);
  rows.push(`| \`${name}\` | ${count.toLocaleString("en")} | ${both(took)} | ${both(whole)} | ${peak} |`);
  console.error(`${new Date().toISOString()} ${rows.at(-1)}`);
  return { record: { version: 1, program: name, publicInputs: [...proof.publicInputs], proof: proof.proof }, took: whole }; // prettier-ignore
}

const outer = async (step: Step): ReturnType<typeof prove> =>
  prove(step.program, await fill(() => buildStep(step, circuitKeys)));

async function verify(name: "batch" | "epoch", { proof, publicInputs }: ProofRecord): Promise<void> {
  const { valid } = await verifyInEvm(verifiers[name]!.deployedBytecode, proof, publicInputs);
  if (!valid) throw new Error(`proof of ${name} refused`);
}

const [first, second] = await consecutiveTransfers(1);
const left = await prove(SMALL.name, await fillChunk(SMALL, first));
const right = await prove(SMALL.name, await fillChunk(SMALL, second));
const sides = { left: left.record, right: right.record };
const settlementBetween = settlementAfter(0n, left.record);
const merge = await outer({ program: "epochMerge", ...sides, settlementIn: 0n, settlementBetween });
const epoch = await outer({ program: "epoch", context: 7n, settlementIn: 0n, inner: merge.record });
await verify("epoch", epoch.record);
const batchMerge = await outer({ program: "batchMerge", ...sides });
const batch = await outer({ program: "batch", inner: batchMerge.record });
await verify("batch", batch.record);

console.log(`\n## Proofs over chunks of \`evm\`\n${machine()}; seconds by the clock / of processors\n`);
console.log("| program | gates | prove | with filling and check | peak of `bb`, GiB |");
console.log(`|${" --- |".repeat(5)}\n${rows.join("\n")}`);

const merges = (l3s: number): number => l3s - 1;
const cost = (l3s: number, of: keyof Took): number => merges(l3s) * merge.took[of] + epoch.took[of];
console.log(
  "\nAn epoch's proof, from the finished proofs of its L3s' batches, computed from the measured merge and wrap:\n",
);
console.log("| L3s | proofs | one prover, s | a prover for each pair, s | processor seconds | of them an L3 | ratio to one L3 |"); // prettier-ignore
console.log(`|${" --- |".repeat(7)}`);
for (const l3s of L3S) {
  const levels = Math.ceil(Math.log2(l3s));
  const parallel = levels * merge.took.seconds + epoch.took.seconds;
  const cpu = cost(l3s, "cpuSeconds");
  console.log(`| ${[l3s, merges(l3s) + 1, cost(l3s, "seconds").toFixed(1), parallel.toFixed(1), cpu.toFixed(1), (cpu / l3s).toFixed(1), (cpu / cost(1, "cpuSeconds")).toFixed(2)].join(" | ")} |`); // prettier-ignore
}
