/**
 * Three blocks as a chain has them: an OpenZeppelin token that is transferred, approved and taken from, plain transfers, a
 * contract that calls others, a transaction that fails.
 */
import { getCreateAddress } from "ethers";
import {
  CHIP_FACTS,
  type Capacities,
  type Capacity,
  type Profile,
  TABLES,
} from "../../../../protocol/evm/capacities.ts";
import { MIN_BASE_FEE } from "../../../../protocol/constants.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { measureEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { addressOf, type Call, EvmChain } from "../../../evm/evmChain.ts";
import { PLAIN_COIN } from "../../../evm/plainCoin.ts";
import { CONTRACTS, SHOWCASE } from "./realisticContracts.ts";

const TREE_HEIGHT = 6;
const coin = getCreateAddress({ from: addressOf(0), nonce: 0 });
const text = (address: bigint): string => `0x${address.toString(16).padStart(40, "0")}`;
const token = (from: number, name: string, values: readonly unknown[]): Call => ({
  from,
  to: coin,
  data: PLAIN_COIN.abi.encodeFunctionData(name, values),
});

const showcase: Call = {
  from: 2,
  to: text(SHOWCASE),
  type: 1,
  value: 4n,
  gasLimit: 900_000n,
  data: `0x${Array.from({ length: 48 }, (_, i) => (i + 1).toString(16).padStart(2, "0")).join("")}`,
  accessList: [{ address: text(SHOWCASE), storageKeys: [`0x${"00".repeat(32)}`] }],
};

const BLOCKS: readonly (readonly Call[])[] = [
  [
    token(0, "transfer", [addressOf(1), 1_000n]),
    { from: 2, to: text(0xdead01n), value: 7n, type: 0, gasLimit: 21_000n },
  ],
  [token(0, "approve", [addressOf(1), 500n]), token(1, "transferFrom", [addressOf(0), addressOf(3), 200n])],
  [showcase, token(3, "transfer", [addressOf(0), 10n ** 30n])],
];

async function chain(): Promise<EvmChain> {
  const made = new EvmChain(4, CONTRACTS);
  const supply = (10n ** 24n).toString(16).padStart(64, "0");
  await made.chunk([[{ from: 0, to: null, data: PLAIN_COIN.bytecode + supply, gasLimit: 8_000_000n }]]);
  // The lowest there is, which blocks with more or less gas leave where it is: who lies about gas can go on.
  made.tip = { ...made.tip, baseFee: MIN_BASE_FEE };
  return made;
}

export const realisticChunk = async (): Promise<ChunkInput> => (await chain()).chunk(BLOCKS);

/** The same contracts, other blocks. */
export const otherChunk = async (): Promise<ChunkInput> => (await chain()).chunk([BLOCKS[1]!, [], [BLOCKS[0]![1]!]]); // prettier-ignore

/** So much room for everything: a small circuit with all chips. */
export const evenProfile = (count: number): Profile => ({ name: "even", treeHeight: TREE_HEIGHT, capacities: { ...filled(count), frames: 2 * count } }); // prettier-ignore

const filled = (count: number): Capacities =>
  Object.fromEntries([...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, count])) as Capacities;

/** A planner who lies may need more of these than one who does not. */
const ROOM_FOR_LIES: Partial<Record<Capacity, number>> = { rows: 32, streamBytes: 200, payloadWords: 8, hashRows: 4, keccakJobs: 3, keccakWords: 9, keccakBlocks: 3, stateAccesses: 20, exceptions: 4, accounts: 3, slots: 3, joins: 4, merges: 4, stack: 16, literals: 8, memoryCells: 8, treeReads: 12, treeWrites: 12, treeInsertions: 12, treeAbsences: 12 }; // prettier-ignore

/** Just enough room for a chunk, and one of everything to spare, so that every chip has an entry that is not used. */
export function roomyProfile(input: ChunkInput): Profile {
  let capacities: Capacities = { ...filled(2_000), transactions: 1, dataWords: 1, segments: 1, frames: 1 };
  // Numbers of frames and cells depend on the room for what comes before them, so one look is not enough.
  for (let look = 0; look < 3; look++) {
    const uses = measureEvm({ name: "realistic", treeHeight: TREE_HEIGHT, capacities }, input).book.uses();
    const needed = [...uses].map(([name, count]) => [name, count + (ROOM_FOR_LIES[name] ?? 1)]);
    capacities = { ...filled(1), ...(Object.fromEntries(needed) as Partial<Capacities>) };
  }
  return { name: "realistic", treeHeight: TREE_HEIGHT, capacities };
}
