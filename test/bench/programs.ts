/**
 * Gates, seconds and memory of every program's proof, full size, and what checking an epoch costs a light node.
 * Usage: node test/bench/programs.ts   (a few minutes; the reference string and keys are built when missing)
 */
import { loadPrograms } from "../../agents/prover/programs.ts";
import { proveStep } from "../../agents/prover/proveStep.ts";
import { programOf, type Step } from "../../agents/prover/step.ts";
import { settlementAfter } from "../../agents/prover/plan.ts";
import type { ProofRecord } from "../../agents/kit/jobs/proofRecord.ts";
import { verifyInEvm } from "../../agents/kit/verifier/verifyInEvm.ts";
import { TRANSFERS_PARAMETERS } from "../../circuits/programs/transfers/parameters.ts";
import { gates } from "../../proving/barretenberg/gates.ts";
import { getReferenceString } from "../../proving/referenceString/referenceString.ts";
import { noAncestors } from "../../protocol/ancestors.ts";
import { encodeBlock } from "../../protocol/block.ts";
import { encodeWitness } from "../../protocol/state/witness.ts";
import { addressOf, DemoChain } from "../circuits/transfers/demoChain.ts";
import { machine } from "./machine.ts";

const programs = await loadPrograms(await getReferenceString("local"));
const signal = new AbortController().signal;
const rows: string[] = [];

/** A chunk as full as a proof holds: every sender another account, every recipient new. */
async function fullChunk(chain: DemoChain): Promise<Extract<Step, { program: "chunk" }>> {
  const prev = chain.tip;
  const transfers = Array.from({ length: TRANSFERS_PARAMETERS.transfers }, (_, i) => ({
    from: i,
    to: addressOf(100 + Number(prev.blockNumber) * 50 + i),
    value: 1_000n,
  }));
  const block = await chain.seal({ transfers });
  const { chainId, gasLimit } = chain;
  return {
    program: "chunk",
    circuit: "transfers",
    ancestors: noAncestors(prev.dataHash),
    chainId,
    gasLimit,
    prev,
    blocks: [encodeBlock(block.data)],
    witnesses: [encodeWitness(block.state)],
  };
}

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

const chain = new DemoChain(TRANSFERS_PARAMETERS.transfers);
const left = await measure(await fullChunk(chain));
const right = await proveStep(await fullChunk(chain), programs, signal).then(({ record }) => record);
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
console.log(`\ntransfers per proof: ${TRANSFERS_PARAMETERS.transfers} in 2^20 gates`);
console.log(
  `light node, one epoch's proof: median ${times[10]!.toFixed(0)} ms of 20 (min ${times[0]!.toFixed(0)}, max ${times[19]!.toFixed(0)}), ${gas} gas`,
);
