/**
 * Gates, seconds and memory of every program's proof over chunks of `evm-small`, and what checking an epoch costs a light node.
 * Usage: node test/bench/programs.ts   (a few minutes; the reference string and keys are built when missing)
 */
import { loadPrograms } from "../../agents/prover/programs.ts";
import { proveStep } from "../../agents/prover/proveStep.ts";
import { programOf, type Step } from "../../agents/prover/step.ts";
import { settlementAfter } from "../../agents/prover/plan.ts";
import type { ProofRecord } from "../../agents/kit/jobs/proofRecord.ts";
import { verifyInEvm } from "../../agents/kit/verifier/verifyInEvm.ts";
import { gates } from "../../proving/barretenberg/gates.ts";
import { getReferenceString } from "../../proving/referenceString/referenceString.ts";
import { noAncestors } from "../../protocol/ancestors.ts";
import { encodeBlock } from "../../protocol/block.ts";
import type { ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { encodeWitness } from "../../protocol/state/witness.ts";
import { consecutiveTransfers } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";

const programs = await loadPrograms(await getReferenceString("local"));
const signal = new AbortController().signal;
const rows: string[] = [];

/** As a batcher asks for it. `input` is one block. */
const chunkOf = ({ chainId, gasLimit, previous, state, blocks }: ChunkInput): Step => ({
  ...{ program: "chunk", circuit: "evm-small", chainId, gasLimit, prev: previous },
  ancestors: noAncestors(previous.dataHash),
  blocks: blocks.map(encodeBlock),
  witnesses: [encodeWitness(state)],
});

async function measure(step: Step): Promise<ProofRecord> {
  const started = performance.now();
  const { record, seconds, peakBytes } = await proveStep(step, programs, signal);
  const whole = (performance.now() - started) / 1000;
  const { gates: count } = await gates(programs.keys[programOf(step)]!.program);
  const cells = [
    programOf(step),
    count.toLocaleString("en"),
    seconds.toFixed(1),
    whole.toFixed(1),
    (peakBytes / 2 ** 30).toFixed(2),
    record.proof.length,
  ];
  rows.push(`| ${cells.join(" | ")} |`);
  return record;
}

const [first, second] = await consecutiveTransfers(1);
const left = await measure(chunkOf(first));
const { record: right } = await proveStep(chunkOf(second), programs, signal);
const merged = await measure({ program: "batchMerge", left, right });
await measure({ program: "batch", inner: merged });
const settlementBetween = settlementAfter(0n, left);
const node = await measure({ program: "epochMerge", left, right, settlementIn: 0n, settlementBetween });
await measure({ program: "epochEmpty", settlement: 0n });
const epoch = await measure({ program: "epoch", context: 7n, settlementIn: 0n, inner: node });

const times: number[] = [];
let gas = 0n;
for (let i = 0; i < 20; i++) {
  const verification = await verifyInEvm(
    programs.verifiers.epoch!.deployedBytecode,
    epoch.proof,
    epoch.publicInputs,
  );
  times.push(verification.milliseconds);
  gas = verification.gas;
}
times.sort((a, b) => a - b);

console.log(`\n## Proofs of the programs\n${machine()}\n`);
console.log(
  "| program | gates | prove, s | with witness, check and verification, s | peak, GiB | proof, bytes |\n| --- | --- | --- | --- | --- | --- |",
);
console.log(rows.join("\n"));
console.log(
  `\nlight node, one epoch's proof: median ${times[10]!.toFixed(0)} ms of 20 (min ${times[0]!.toFixed(0)}, max ${times[19]!.toFixed(0)}), ${gas} gas`,
);
