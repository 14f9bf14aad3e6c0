/**
 * The program `evm`: consecutive blocks of Ethereum transactions take one tip of a chain to another (docs/spec/evm.md).
 *
 * Proves: the statement of protocol/publicInputs.ts, selfKeyHash 0, for between 1 and `capacities.blocks` blocks.
 * Assumes: `prev` is a tip of the chain, reached from its genesis: its state root is that of an indexed tree. The caller of a
 *   proof checks that (the contract by its record, a merge by chaining).
 */
import { Builder, type Built } from "../../builder/builder.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { assertBits } from "../../builder/ranges.ts";
import { stateRootOfWires } from "../../gadgets/account.ts";
import { TreeAccesses } from "../../gadgets/treeAccesses/treeAccesses.ts";
import type { Profile } from "../../../protocol/evm/capacities.ts";
import { treeShape } from "../../../protocol/evm/plan/execution/leavesPlan.ts";
import type { ChunkPlan } from "../../../protocol/evm/plan/planChunk.ts";
import { publishStatement, witnessChain } from "./chainStatement.ts";
import { assertGasUsed } from "./blocks/blockGas.ts";
import { chainBlocks } from "./blocks/blocks.ts";
import { buildChips } from "./buildChips.ts";
import { buildTables, type EvmTables } from "./buildTables.ts";
import type { EvmPlan } from "./evmPlan.ts";
import type { BeginServices } from "./execution/begin.ts";
import { initCodes } from "./execution/initCode.ts";
import { transactionCreations } from "./execution/transactionCreations.ts";
import { beginTransactions, endTransactions } from "./execution/transactionChip.ts";
import { initialCells, settleLeaves } from "./execution/leaves.ts";
import { placeBlocks, transactionTables } from "./execution/transactionTables.ts";
import { exceptionsChip } from "./frames/exceptionsChip.ts";
import { type FrameHooks, framesChip } from "./frames/framesChip.ts";
import { PrecompileCalls } from "./frames/precompileCalls.ts";
import { settleCreations } from "./frames/settleCreations.ts";
import { type KeccakDigests, keccakDigests } from "./keccakDigests.ts";
import { executeRows } from "./rows/rows.ts";
import { precompilePools } from "./precompilePools.ts";
import { assertSignatures } from "./signatures.ts";
import { readTransactions, type Transactions } from "./transactions/transactions.ts";

/** Of a block's gas limit, and so of a transaction's. */
const GAS_LIMIT_BITS = 29;

/** Without a plan: the circuit alone, for its key. `b`: one that a test lets lie. */
export function buildEvm(
  profile: Profile,
  plan: EvmPlan | null,
  b: Builder = new Builder(plan === null ? "shape" : "prove"),
): Built {
  const { capacities } = profile;
  // Witness functions run only when there is a plan.
  const given = (): EvmPlan => plan!;
  const chunk = (): ChunkPlan => given().chunk;
  const chain = witnessChain(b, () => chunk().input);
  // What no frame can pay must exceed what any has (PENALTY, EXCEPTION_CREDIT).
  assertBits(b, chain.gasLimit, GAS_LIMIT_BITS, "gasLimit.isSmall");
  const blocks = chainBlocks(b, chain, capacities.blocks, (i) => given().transactions.blocks[i]);
  const digests = keccakDigests(b, capacities, () => given().keccak);
  const request = (commitment: Wire, i: number) => digests(commitment, `transactions.digest[${i}]`);
  const transactions = readTransactions(b, capacities, chain, blocks, () => given().transactions, request);

  const tables = buildTables(b, capacities, transactions, chunk);
  const state = witnessState(b, chunk);
  const before = stateRootOfWires(b, state, "state.before");
  b.assertZero([], [[1n, before], [-1n, chain.previous.stateRoot]], 0n, "state.isPrevious"); // prettier-ignore
  const own = placeBlocks(b, blocks, transactions.places);
  const entry = (i: number) => chunk().transactions.entries[i];
  const creations = proveCreations(b, { tables, digests, transactions }, chunk);
  const { startPc, starts } = beginTransactions(
    b,
    { ...tables, ...creations.ofTransactions },
    transactions,
    own,
    entry,
  );
  const precompiles = new PrecompileCalls(b, capacities.precompileCalls, () => chunk().frames.precompiles);
  const hooks: FrameHooks = { ...creations.ofFrames, precompiles };
  const { ends, made } = framesChip(b, tables, starts, (i) => chunk().frames.entries[i], hooks);
  const pools = precompilePools(b, capacities, () => chunk().frames.jobs);
  precompiles.close(tables, pools);
  exceptionsChip(b, tables, (i) => chunk().frames.exceptions[i]);
  const successes = ends.slice(0, capacities.transactions).map(({ success }): Bool => success);
  const settled = endTransactions(b, tables, transactions, { blocks: own, starts, successes, receiptsHead: state.receiptsHead, entry }); // prettier-ignore
  settleCreations(b, tables.state, settled.rows, made);
  const ofTransactions = transactionTables(b, transactions.places, own);
  buildChips(
    b,
    { tables, digests, chain, transactions: ofTransactions, blockHashes: transactions.blockHashes },
    chunk,
  );
  executeRows(b, tables, capacities, startPc, () => chunk().machine);

  const root = settleState(b, profile, tables, state, given);
  const receiptsHead = settled.receiptsHead;
  const stateRoot = stateRootOfWires(b, { ...root, receiptsHead }, "state.after");
  tables.facts.close();
  assertGasUsed(b, chain.gasLimit, blocks, transactions.places, settled.gasUsed);
  const { dataHash } = transactions.blockHashes;
  assertSignatures(b, chain, dataHash, { signers: transactions.places, recovered: pools.ecrecover });
  publishStatement(b, chain, { stateRoot, dataHash, ...blocks.last });
  return b.finish();
}

/** Code that the chunk makes; nothing where the profile has no room for any. */
function proveCreations(
  b: Builder,
  {
    tables,
    digests,
    transactions,
  }: { tables: EvmTables; digests: KeccakDigests; transactions: Transactions },
  chunk: () => ChunkPlan,
): { readonly ofTransactions: Pick<BeginServices, "creations">; readonly ofFrames: FrameHooks } {
  const { capacities } = tables;
  if (capacities.segments === 0) return { ofTransactions: {}, ofFrames: {} };
  const services = { ...tables, digest: digests };
  const streams = { data: transactions.stream, code: tables.code.bytes };
  const positions = initCodes(b, streams, transactions.places, capacities.initCodeRows, (i) => chunk().transactions.initCodes[i] ?? 0); // prettier-ignore
  const isDoomed = (t: bigint): boolean =>
    chunk().transactions.entries.some(({ begin, isDoomed }) => isDoomed && BigInt(begin.t ?? 0) === t);
  return {
    ofTransactions: { creations: transactionCreations(b, services, positions, isDoomed) },
    ofFrames: { creations: services },
  };
}

interface StateStart {
  readonly root: Wire;
  readonly leafCount: Wire;
  readonly receiptsHead: Wire;
}

/** What the state root before the chunk commits to. */
const witnessState = (b: Builder, chunk: () => ChunkPlan): StateStart =>
  b.scope("state", () => {
    const { tree, receiptsHead } = b.compute(() => chunk().before.before) ?? {};
    return {
      root: b.witness("root", () => tree!.root()),
      leafCount: assertBits(b, b.witness("leafCount", () => BigInt(tree!.leafCount)), 32, "leafCount"), // prettier-ignore
      receiptsHead: b.witness("receiptsHead", () => receiptsHead!),
    };
  });

/** Runs the accesses to memory and state, and settles the state in the tree. Returns the tree after. */
function settleState(
  b: Builder,
  profile: Profile,
  tables: EvmTables,
  before: StateStart,
  given: () => EvmPlan,
): { root: Wire; leafCount: Wire } {
  tables.copies.close();
  tables.messages.close();
  tables.memory.close();
  const state = (): ChunkPlan["state"] => given().chunk.state;
  const cells = initialCells(b, profile.capacities, { account: (i) => state().accounts[i], slot: (i) => state().slots[i] }); // prettier-ignore
  tables.state.run(cells.cells);
  const tree = new TreeAccesses(b, before, treeShape(profile), () => given().tree, "tree");
  settleLeaves(b, tables, tree, cells, () => given().chunk.leaves);
  tables.frames.close();
  tables.heads.close();
  return tree.finish(b);
}
