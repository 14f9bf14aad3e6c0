import { Interface } from "ethers";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { rollupFactoryAbi } from "../../../generated/abis/RollupFactory.ts";
import { EMPTY_SETTLEMENT, settle, statementHash, type Statement } from "../../../protocol/publicInputs.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import type { Hex } from "../hex.ts";

/** Which rollups an epoch proves: those whose batches only this verifier, by one of these programs, and these committees let in. */
export interface SettlementRules {
  readonly factory: Hex;
  readonly verifier: Hex;
  readonly programs: readonly Hex[];
  readonly dataAvailability: readonly Hex[];
}

/** A rollup as its events tell it. */
export interface RollupView {
  readonly address: Hex;
  readonly chainId: bigint;
  readonly gasLimit: bigint;
  readonly genesis: ChainTip;
  readonly tip: ChainTip;
  readonly batchCount: bigint;
}

/** The settlement contracts after some block: what the next epoch's accumulator continues. */
export interface SettlementView {
  readonly settlement: bigint;
  readonly rollups: ReadonlyMap<Hex, RollupView>;
}

export const emptySettlementView: SettlementView = { settlement: EMPTY_SETTLEMENT, rollups: new Map() };

/** A batch that an epoch covers. */
export interface SettledBatch {
  readonly rollup: Hex;
  readonly batchIndex: bigint;
  /** With `selfKeyHash` 0. */
  readonly statement: Statement;
  readonly dataPointer: Uint8Array;
  readonly dataLength: number;
  readonly innerProofHash: Hex;
}

/** A log as execution yields it and as `eth_getLogs` serves it. */
export interface SettlementLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

const factoryAbi = new Interface(rollupFactoryAbi);
const rollupInterface = new Interface(rollupAbi);

export const rollupCreatedTopic = factoryAbi.getEvent("RollupCreated")!.topicHash as Hex;
export const batchSettledTopic = rollupInterface.getEvent("BatchSettled")!.topicHash as Hex;

/**
 * The view after `logs`, in the order of execution, and the batches they settle. Logs of other contracts say nothing, even
 * when they look alike; a rollup that does not keep `rules` is left out, for nothing would prove its batches.
 */
export function applySettlementLogs(
  view: SettlementView,
  logs: readonly SettlementLog[],
  rules: SettlementRules,
): { view: SettlementView; batches: SettledBatch[] } {
  const rollups = new Map(view.rollups);
  let { settlement } = view;
  const batches: SettledBatch[] = [];
  for (const log of logs) {
    const address = log.address.toLowerCase() as Hex;
    if (address === rules.factory && log.topics[0] === rollupCreatedTopic) {
      const created = readCreated(log, rules);
      if (created) rollups.set(created.address, created);
    } else if (log.topics[0] === batchSettledTopic) {
      const rollup = rollups.get(address);
      if (!rollup) continue;
      const batch = readSettled(log, rollup);
      batches.push(batch);
      settlement = settle(settlement, statementHash(batch.statement));
      rollups.set(address, { ...rollup, tip: batch.statement.next, batchCount: batch.batchIndex });
    }
  }
  return { view: { settlement, rollups }, batches };
}

function readCreated(log: SettlementLog, rules: SettlementRules): RollupView | undefined {
  const { args } = factoryAbi.parseLog(log)!;
  const { chainId, gasLimit, program, verifier, dataAvailability } = args.parameters;
  const kept =
    lower(verifier) === rules.verifier &&
    rules.programs.includes(lower(program)) &&
    rules.dataAvailability.includes(lower(dataAvailability));
  if (!kept) return undefined;
  const genesis = readTip(args.parameters.genesis);
  return { address: lower(args.rollup), chainId, gasLimit, genesis, tip: genesis, batchCount: 0n };
}

function readSettled(log: SettlementLog, rollup: RollupView): SettledBatch {
  const { args } = rollupInterface.parseLog(log)!;
  const { chainId, gasLimit } = rollup;
  return {
    rollup: rollup.address,
    batchIndex: args.batchIndex,
    statement: { chainId, prev: rollup.tip, next: readTip(args.next), gasLimit, selfKeyHash: 0n },
    dataPointer: Buffer.from(args.dataPointer.slice(2), "hex"),
    dataLength: Number(args.dataLength),
    innerProofHash: lower(args.innerProofHash),
  };
}

interface RawTip extends Omit<ChainTip, "stateRoot" | "dataHash"> {
  stateRoot: string;
  dataHash: string;
}

const readTip = (tip: RawTip): ChainTip => ({
  stateRoot: BigInt(tip.stateRoot),
  dataHash: BigInt(tip.dataHash),
  blockNumber: tip.blockNumber,
  timestamp: tip.timestamp,
  baseFee: tip.baseFee,
  gasUsed: tip.gasUsed,
});

const lower = (text: string): Hex => text.toLowerCase() as Hex;
