/**
 * What comes before a proof of `evm`, part by part: native execution, planning, filling, checking, writing the witness.
 * Processor time, the best of some runs; test/bench/evmProve.ts has the first runs, by the clock and beside the proof.
 * Usage: node test/bench/evmPlanner.ts [profile]   (evm-mixed by default)
 */
import { check } from "../../circuits/builder/check.ts";
import { emitWitness } from "../../circuits/builder/emitWitness.ts";
import { buildEvm } from "../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../circuits/programs/evm/evmPlan.ts";
import { executeBlock } from "../../protocol/evm/machine/executeBlock.ts";
import { traceChunk } from "../../protocol/evm/plan/chunkTraces.ts";
import { CHAIN_ID, EvmChain } from "../evm/evmChain.ts";
import { fullest, profileNamed } from "./evmProofs.ts";
import { ordinary, payments, tokenTransfers } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";
import { bestMicroseconds } from "./table.ts";

const ROUNDS = 4;

/** Counts until its gas is used up: JUMPDEST, PUSH1 1, ADD, PUSH1 2, JUMP after PUSH1 0. */
const LOOP = Uint8Array.of(0x60, 0x00, 0x5b, 0x60, 0x01, 0x01, 0x60, 0x02, 0x56);
const LOOP_ADDRESS = 0x100_0000n;
const LOOP_GAS = 1_000_000n;

interface Part {
  readonly what: string;
  readonly run: () => unknown;
  /** Pieces of work in a run, and what one is. */
  readonly count: number;
  readonly piece: string;
}

async function machineAlone(): Promise<Part> {
  const allocation = new Map([[LOOP_ADDRESS, { code: LOOP }]]);
  const chain = new EvmChain(1, allocation);
  const state = new EvmChain(1, allocation).state;
  const to = `0x${LOOP_ADDRESS.toString(16).padStart(40, "0")}`;
  const { blocks } = await chain.chunk([[{ from: 0, to, gasLimit: LOOP_GAS }]]);
  const run = () => executeBlock({ chainId: CHAIN_ID, block: blocks[0]! }, state);
  return { what: "the machine alone, a loop", run, count: run().steps.length, piece: "opcode" };
}

const name = process.argv[2] ?? "evm-mixed";
const profile = profileNamed(name);
const workload = { "evm-transfers": payments, "evm-mixed": ordinary }[name] ?? tokenTransfers;
const input = await fullest(profile, workload);
const plan = planEvm(profile, input);
const built = buildEvm(profile, plan);
const { circuit, witness } = built;
const { blocks, machine: rows } = plan.chunk;
const total = (count: (block: (typeof blocks)[0]) => number): number => blocks.reduce((sum, block) => sum + count(block), 0); // prettier-ignore
const opcodes = total(({ steps }) => steps.length);
const transactions = total((block) => block.transactions.length);

const parts: readonly Part[] = [
  await machineAlone(),
  { what: "native execution of the chunk: signatures, opcodes, trees", run: () => traceChunk(input), count: transactions, piece: "transaction" }, // prettier-ignore
  { what: "the same and planning", run: () => planEvm(profile, input), count: rows.t, piece: "row" },
  { what: "circuit built and filled", run: () => buildEvm(profile, plan), count: witness.length, piece: "wire" }, // prettier-ignore
  {
    what: "every constraint checked",
    run: () => check(circuit, witness),
    count: witness.length,
    piece: "wire",
  },
  { what: "witness written", run: () => emitWitness(witness), count: witness.length, piece: "wire" },
];

console.log(
  `\n## Before a proof of \`${name}\`: ${transactions} transactions, ${opcodes} opcodes, ${rows.t} rows`,
);
console.log(`${machine()}, processor time\n`);
console.log("| what | ms | one of them, us | ratio to planning |\n| --- | --- | --- | --- |");
const took = parts.map((part) => ({ ...part, ms: bestMicroseconds(ROUNDS, 1, part.run) / 1000 }));
const planning = took[2]!.ms;
for (const { what, ms, count, piece } of took) {
  const one = `${((ms * 1000) / count).toFixed(2)}, ${count.toLocaleString("en")} ${piece}s`;
  console.log(`| ${what} | ${ms.toFixed(0)} | ${one} | ${(ms / planning).toFixed(2)} |`);
}
