/**
 * Gates of the program `evm` by transaction and by part, in circuits with room for the chunk and nothing more.
 * Usage: node test/bench/evmGates.ts [--bb]   (--bb: `bb` counts the gates of every circuit too; the parts are always estimates)
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../circuits/builder/check.ts";
import type { Circuit } from "../../circuits/builder/circuit.ts";
import { emitProgram } from "../../circuits/builder/emit.ts";
import { estimateGates, type GateEstimate } from "../../circuits/builder/estimateGates.ts";
import { buildEvm } from "../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../circuits/programs/evm/evmPlan.ts";
import type { ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { gates as countGates } from "../../proving/barretenberg/gates.ts";
import { exactProfile } from "./evmExactProfile.ts";
import { creationOf, payments, recurringTransfers, swaps, tokenTransfers } from "./evmWorkloads.ts";
import { machine } from "./machine.ts";

/** Gates a marginal ERC-20 transfer may take: the aim, and the one after it. */
const AIMS = [160_000, 110_000];
const MORE = 8;
const MORE_SWAPS = 4;

/** Scopes of the circuit by what they are for; the rest is the tables that all parts share. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "rows of the machine": ["rows"],
  "Keccak-256": ["keccak"],
  "tree of the state": ["tree"],
  "state: accounts, slots, bus, SLOAD, SSTORE": ["state", "accounts", "slots", "storageOp[]", "accountOp[]", "accessEntry[]", "accessList[]"], // prettier-ignore
  "memory, copies, commitments, logs": ["memory", "memoryOp[]", "messages", "copies", "copy[]", "keccakOp[]", "log[]", "dataCell[]", "dataWord[]"], // prettier-ignore
  "arithmetic": ["sums[]", "compares[]", "signedCompares[]", "bitwise[]", "masks[]", "products[]", "divisions[]", "signed[]", "bytes[]", "wide[]", "powers[]", "exponentiations[]", "join[]", "merge[]"], // prettier-ignore
  "code, pushes, jumps": ["code", "codeObject[]", "codeWord[]", "push[]", "jump[]"],
  "blocks and transactions": ["transaction[]", "payloadWord[]", "blockBytes", "begin[]", "end[]", "block[]", "suffix", "legacySuffix", "blockHashes", "transactionTables", "placeBlocks", "previous", "gas"], // prettier-ignore
  "frames, environment": ["frame[]", "environment[]", "answer[]", "exception[]", "fresh"],
};
const SIGNATURES = "signatures (ECDSA)";
const REST = "tables of facts and stacks, constants, challenge";

interface Measured {
  readonly gates: number;
  readonly estimate: GateEstimate;
  readonly parts: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly opcodes: number;
  readonly gas: number;
}

async function measure(input: ChunkInput): Promise<Measured> {
  const profile = exactProfile(input);
  const plan = planEvm(profile, input);
  const built = buildEvm(profile, plan);
  const { broken } = check(built.circuit, built.witness);
  if (broken.length > 0) throw new Error(`not satisfied: ${broken[0]!.name}`);
  const estimate = estimateGates(built.circuit);
  const { blocks, machine: rows } = plan.chunk;
  return {
    estimate,
    gates: process.argv.includes("--bb") ? await gatesByBb(built.circuit) : estimate.total,
    parts: partsOf(estimate),
    rows: rows.t,
    opcodes: blocks.reduce((sum, { steps }) => sum + steps.length, 0),
    gas: blocks.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0),
  };
}

async function gatesByBb(circuit: Circuit): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-gates-"));
  try {
    const path = join(folder, "program.json");
    await writeFile(path, emitProgram(circuit));
    return (await countGates(path)).gates;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function partsOf({ total, byScope, byKind }: GateEstimate): Map<string, number> {
  const parts = new Map<string, number>();
  let rest = total;
  const put = (part: string, gates: number): void => {
    parts.set(part, gates);
    rest -= gates;
  };
  put(SIGNATURES, byKind.get("EcdsaSecp256k1") ?? 0);
  for (const [part, scopes] of Object.entries(PARTS))
    put(part, scopes.reduce((sum, scope) => sum + (byScope.get(scope) ?? 0), 0)); // prettier-ignore
  return parts.set(REST, rest);
}

/** What `count` more of a kind add, each. */
function marginal(few: Measured, many: Measured, count: number): Measured {
  const each = (a: number, b: number): number => (b - a) / count;
  const difference = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
    new Map([...b].map(([name, value]) => [name, each(a.get(name) ?? 0, value)]));
  return {
    gates: each(few.gates, many.gates),
    estimate: many.estimate,
    parts: difference(few.parts, many.parts),
    rows: each(few.rows, many.rows),
    opcodes: each(few.opcodes, many.opcodes),
    gas: each(few.gas, many.gas),
  };
}

const number = (n: number): string => Math.round(n).toLocaleString("en");

const columns = new Map<string, Measured>();
const [token, tokens] = [await measure(await tokenTransfers(1)), await measure(await tokenTransfers(1 + MORE))]; // prettier-ignore
const [circle, circles] = [await measure(await recurringTransfers(1 + MORE)), await measure(await recurringTransfers(1 + 2 * MORE))]; // prettier-ignore
const [payment, paid] = [await measure(await payments(1)), await measure(await payments(1 + MORE))];
const [swap, swapped] = [await measure(await swaps(1)), await measure(await swaps(1 + MORE_SWAPS))];
const each = marginal(token, tokens, MORE);
columns.set("ERC-20 transfer, alone", token);
columns.set("ERC-20 transfer, marginal", each);
columns.set("the same where all holders appeared before", marginal(circle, circles, MORE));
columns.set("payment, alone", payment);
columns.set("payment, marginal", marginal(payment, paid, MORE));
columns.set("payment into a pair and swap, alone", swap);
columns.set("both, marginal", marginal(swap, swapped, MORE_SWAPS));
for (const name of ["Collectible", "Corners"]) {
  const { bytes, input } = await creationOf(name);
  columns.set(`creation, ${number(bytes)} bytes`, await measure(input));
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): void =>
  console.log(["", head, head.map(() => "---"), ...rows].map((cells) => cells === "" ? "" : `| ${(cells as readonly (string | number)[]).join(" | ")} |`).join("\n")); // prettier-ignore

console.log(`\n## Gates of transactions of \`evm\`\n${machine()}`);
table(
  ["what", "gates", "ratio to the first", "gas", "gates per gas", "opcodes", "rows", "rows per opcode", "gates per row, all", "of the row itself"], // prettier-ignore
  [...columns].map(([name, m]) => [
    name,
    number(m.gates),
    (m.gates / token.gates).toFixed(2),
    number(m.gas),
    (m.gates / m.gas).toFixed(1),
    number(m.opcodes),
    number(m.rows),
    m.opcodes === 0 ? "" : (m.rows / m.opcodes).toFixed(2),
    number(m.gates / m.rows),
    number(m.parts.get("rows of the machine")! / m.rows),
  ]),
);
const parts = [...each.parts].sort(([, a], [, b]) => b - a).map(([name]) => name);
console.log("\nWhere they go (estimates):");
table(
  ["part", ...columns.keys()],
  parts.map((part) => [part, ...[...columns.values()].map((m) => number(m.parts.get(part) ?? 0))]),
);
console.log("\nDearest kinds of one more ERC-20 transfer:");
const kinds = [...tokens.estimate.byKind].map(([kind, gates]) => [kind, (gates - (token.estimate.byKind.get(kind) ?? 0)) / MORE] as const); // prettier-ignore
table(["kind", "gates"], kinds.sort(([, a], [, b]) => b - a).map(([kind, gates]) => [kind, number(gates)])); // prettier-ignore
console.log();
for (const aim of AIMS)
  console.log(`aim of ${number(aim)} a marginal ERC-20 transfer: ${(each.gates / aim).toFixed(2)} of it`);
