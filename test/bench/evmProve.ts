/**
 * A chunk of each size of `evm`, as full as a proof holds: what planning, filling and proving it takes, and what that makes a
 * transaction and a million gas. Every proof is verified: wrapped by `batch`, whose proof the generated verifier judges.
 * Usage: node test/bench/evmProve.ts   (some minutes; the keys are built when missing)
 */
import { loadPrograms } from "../../agents/prover/programs.ts";
import { verifyInEvm } from "../../agents/kit/verifier/verifyInEvm.ts";
import { buildBatch } from "../../circuits/programs/batch.ts";
import { bytesToFields } from "../../proving/barretenberg/fields.ts";
import { gates } from "../../proving/barretenberg/gates.ts";
import { getReferenceString } from "../../proving/referenceString/referenceString.ts";
import {
  fill,
  fillChunk,
  fullest,
  profileNamed,
  type Proven,
  proveFilled,
  sum,
  type Took,
} from "./evmProofs.ts";
import { creationOfBytes, ordinary, payments, tokenTransfers, type Workload } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";

/** Planning and filling may take this part of proving. */
const AIM = 1 / 5;

const referenceString = await getReferenceString("local");
const { keys, verifiers, circuitKeys } = await loadPrograms(referenceString);

const steps: string[] = [];
const costs: string[] = [];
const figure = (n: number): string => n.toFixed(n < 10 ? 2 : 1);
const both = ({ seconds, cpuSeconds }: Took): string => `${figure(seconds)} / ${figure(cpuSeconds)}`;

/** Wraps a chunk's proof for Solidity and verifies it. */
async function wrap(name: string, { proof }: Proven): Promise<Took> {
  const { keyFields: key, keyHash } = keys[name]!;
  const inner = { key, keyHash, proof: bytesToFields(proof.proof, name), publicInputs: proof.publicInputs };
  const filled = await fill(() => buildBatch(circuitKeys, { inner }));
  const wrapped = await proveFilled(filled, keys.batch, referenceString);
  const { valid } = await verifyInEvm(
    verifiers.batch!.deployedBytecode,
    wrapped.proof.proof,
    wrapped.proof.publicInputs,
  );
  if (!valid) throw new Error(`proof of ${name} refused`);
  return sum(filled.build, filled.check, filled.emit, wrapped.took);
}

async function measure(profileName: string, what: string, workload: Workload): Promise<void> {
  const profile = profileNamed(profileName);
  const input = await fullest(profile, workload);
  const filled = await fillChunk(profile, input);
  const key = keys[profile.name]!;
  const proven = await proveFilled(filled, key, referenceString);
  const wrapped = await wrap(profile.name, proven);
  const { gates: count } = await gates(key.program);
  const before = sum(filled.plan, filled.build, filled.check, filled.emit);
  const { blocks } = filled.planned.chunk;
  const transactions = blocks.reduce((total, block) => total + block.transactions.length, 0);
  const gas = blocks.reduce((total, { gasUsed }) => total + Number(gasUsed), 0);
  const name = `${profile.name}, ${transactions} ${what}`;
  const ratio = (of: "seconds" | "cpuSeconds"): string => (before[of] / proven.took[of]).toFixed(3);
  steps.push(`| ${[name, count.toLocaleString("en"), both(filled.plan), both(filled.build), both(filled.check), both(filled.emit), both(proven.took), (proven.proof.peakBytes / 2 ** 30).toFixed(2), `${ratio("seconds")} / ${ratio("cpuSeconds")}`].join(" | ")} |`); // prettier-ignore
  const chunk = sum(before, proven.took).cpuSeconds;
  costs.push(`| ${[name, gas.toLocaleString("en"), figure(chunk), figure(wrapped.cpuSeconds), figure(chunk / transactions), figure((chunk + wrapped.cpuSeconds) / transactions), (gas / 1e6 / chunk).toFixed(4), (gas / 1e6 / (chunk + wrapped.cpuSeconds)).toFixed(4)].join(" | ")} |`); // prettier-ignore
  console.error(`${new Date().toISOString()} ${steps.at(-1)}\n${costs.at(-1)}`);
}

await measure("evm-small", "ERC-20 transfers", tokenTransfers);
await measure("evm-transfers", "payments", payments);
await measure("evm-mixed", "ERC-20 transfers", tokenTransfers);
await measure("evm-mixed", "transactions of all kinds", ordinary);
await measure("evm-mixed-large", "ERC-20 transfers", tokenTransfers);
await measure("evm-deploy-large", "creation of 11,000 bytes", () => creationOfBytes(11_000));

console.log(`\n## Chunks of \`evm\`\n${machine()}; seconds by the clock / of processors\n`);
console.log(
  "| chunk | gates | execute and plan | build | check | write witness | prove | peak of `bb`, GiB | all before proving, of proving |",
);
console.log(`|${" --- |".repeat(9)}\n${steps.join("\n")}`);
console.log(`\naim for the last column: ${AIM}\n\nProcessor seconds, \`batch\` wraps this chunk alone:\n`);
console.log(
  "| chunk | gas | chunk | its `batch` | a transaction, chunk | with `batch` | Mgas a processor second, chunk | with `batch` |",
);
console.log(`|${" --- |".repeat(8)}\n${costs.join("\n")}`);
