/** The chips that rows ask: arithmetic, code, memory, storage, accounts, environment. */
import type { Builder } from "../../builder/builder.ts";
import { BytePowers } from "../../gadgets/alu/bytePowers.ts";
import type { ChunkPlan } from "../../../protocol/evm/plan/planChunk.ts";
import type { ChainWires } from "./chainStatement.ts";
import { coreChips } from "./alu/coreChips.ts";
import { maskChip } from "./alu/masks.ts";
import { exponentiationChip, powerChip } from "./alu/powers.ts";
import { wideChip } from "./alu/wide.ts";
import type { BlockHashes } from "./blocks/blockHashes.ts";
import type { EvmTables } from "./buildTables.ts";
import { codeWordChip } from "./code/codeWords.ts";
import { jumpChip } from "./code/jumps.ts";
import { pushedMaskChip } from "./code/pushedMasks.ts";
import { pushChip } from "./code/pushes.ts";
import { externalCode } from "./execution/accountAccess.ts";
import { accountOpChip } from "./execution/accountOps.ts";
import { answerChip, hashTable } from "./execution/answers.ts";
import { environmentChip } from "./execution/environment.ts";
import { lastLog } from "./execution/lastLog.ts";
import type { TransactionTables } from "./execution/transactionTables.ts";
import type { KeccakDigests } from "./keccakDigests.ts";
import { byteFactChips } from "./memory/byteFacts.ts";
import { copyChip } from "./memory/copies.ts";
import { keccakChip } from "./memory/keccaks.ts";
import { logChip } from "./memory/logs.ts";
import { memoryOpChip } from "./memory/memoryOps.ts";
import { storageOpChip } from "./state/storageOps.ts";

export interface ChipSources {
  readonly tables: EvmTables;
  readonly digests: KeccakDigests;
  readonly chain: ChainWires;
  readonly transactions: TransactionTables;
  readonly blockHashes: BlockHashes;
}

export function buildChips(b: Builder, sources: ChipSources, chunk: () => ChunkPlan): void {
  const powers = new BytePowers(b);
  arithmeticChips(b, sources, powers, chunk);
  codeChips(b, sources, chunk);
  memoryChips(b, sources, powers, chunk);
  stateChips(b, sources, chunk);
}

function arithmeticChips(
  b: Builder,
  { tables: { facts, capacities } }: ChipSources,
  powers: BytePowers,
  chunk: () => ChunkPlan,
): void {
  coreChips(b, facts, powers, capacities, (chip, i) => chunk().alu.core[chip][i]);
  maskChip(b, facts, capacities.masks, (i) => chunk().alu.masks[i]);
  wideChip(b, facts, capacities.wide, (i) => chunk().alu.wide[i]);
  powerChip(b, facts, capacities.powers, (i) => chunk().alu.powers[i]);
  exponentiationChip(b, facts, powers, capacities.exponentiations, (i) => chunk().alu.exponentiations[i]);
}

function codeChips(b: Builder, { tables }: ChipSources, chunk: () => ChunkPlan): void {
  const { facts, code, capacities } = tables;
  pushChip(b, facts, capacities.pushes, code.bytes, (i) => chunk().code.pushes[i]);
  codeWordChip(b, facts, capacities.codeWords, code.bytes, (i) => chunk().code.words[i]);
  pushedMaskChip(b, tables, capacities.pushedMasks, (i) => chunk().masks.entries[i]);
  jumpChip(b, tables, capacities.jumps, (i) => chunk().code.jumps[i]);
}

function memoryChips(
  b: Builder,
  { tables, digests }: ChipSources,
  powers: BytePowers,
  chunk: () => ChunkPlan,
): void {
  const { facts, state, capacities, ofMemory, copies, messages, heads } = tables;
  const memory = (): ChunkPlan["memory"] => chunk().memory;
  memoryOpChip(ofMemory, capacities.memoryOps, (i) => memory().ops.entries[i]);
  const external = externalCode(b, tables);
  copyChip({ ...ofMemory, copyRows: copies, external }, capacities.copies, (i) => memory().copies.entries[i]);
  keccakChip(
    { ...ofMemory, messages, digest: digests },
    capacities.keccaks,
    (i) => memory().keccaks.entries[i],
  );
  const logs = { ...ofMemory, messages, lastLog: lastLog(b, state) };
  logChip(logs, heads, capacities.logs, (i) => memory().logs.entries[i]);
  byteFactChips(b, facts, powers, capacities, () => memory().bytes);
}

function stateChips(b: Builder, sources: ChipSources, chunk: () => ChunkPlan): void {
  const { tables, chain, transactions, blockHashes } = sources;
  const { capacities } = tables;
  storageOpChip(b, tables, (i) => chunk().storage.entries[i]);
  accountOpChip(b, tables, (i) => chunk().accountOps.entries[i]);
  environmentChip(b, { ...tables, chain, transactions }, (i) => chunk().environment.entries[i]);
  const hashes = hashTable(b, blockHashes, chain.previous.blockNumber, capacities.ancestors);
  answerChip(b, { ...tables, transactions, hashes }, (i) => chunk().answers.entries[i]);
}
