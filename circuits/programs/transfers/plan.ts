/**
 * The native side of `transfers`: replays the blocks on the state's witness and writes down what the circuit is to be filled
 * with. It computes and does not judge (the circuit does): rules that a block must obey are checked by `planTransfers`
 * alone, before it starts. Each step is a method, so that a test can make one of them lie and let the rest go on.
 */
import { addressToField, type Address } from "../../../protocol/address.ts";
import { type BlockData, encodeBlock } from "../../../protocol/block.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { StackError } from "../../../protocol/errors.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import { TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import type { AccountState } from "../../../protocol/state/account.ts";
import { accountKey } from "../../../protocol/state/keys.ts";
import type { ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import type { StateWitness } from "../../../protocol/state/witness.ts";
import { type ChainTip, assertFollows, tipAfter } from "../../../protocol/tip.ts";
import type { Replacement } from "../../gadgets/leafReplacements.ts";
import type { ApplyHint } from "./applyTransfer.ts";
import type { BlockHint } from "./blocks.ts";
import { type DecodedTransfer, decodeTransfer } from "./decodeTransfer.ts";
import { replacementCapacity, type TransfersParameters } from "./parameters.ts";
import { StateReplay } from "./stateReplay.ts";
import type { ChainValues } from "../evm/chainStatement.ts";
import type { TransferHint } from "./transfer.ts";

export interface TransfersPlan extends ChainValues {
  readonly blocks: readonly BlockHint[];
  readonly stream: Uint8Array;
  readonly transfers: readonly (TransferHint & ApplyHint)[];
  /** hashBytes of each block. */
  readonly digests: readonly bigint[];
  readonly treeRoot: bigint;
  readonly leafCount: bigint;
  readonly receiptsHead: bigint;
  readonly replacements: readonly Replacement[];
}

/** A block and the part of the state before it that its accounts need. */
export interface ProvenBlock {
  readonly data: BlockData;
  readonly state: StateWitness;
}

export interface TransfersInput extends ChainValues {
  readonly blocks: readonly ProvenBlock[];
}

export interface PlannedTransfers {
  readonly plan: TransfersPlan;
  readonly next: ChainTip;
}

export type TransfersPlanError =
  | { code: "TRANSFERS_NO_BLOCKS" }
  | { code: "TRANSFERS_TOO_MANY_BLOCKS"; blocks: number; limit: number }
  | { code: "TRANSFERS_TOO_MANY"; transfers: number; limit: number }
  | { code: "TRANSFERS_TOO_MANY_ACCOUNTS"; replacements: number; limit: number };

/**
 * The plan of a proof of `blocks`, and the tip it proves. Throws `TransfersPlanError` when they do not fit, a `TipError` or a
 * `TransfersRefusal` when they are no blocks of transfers, a `StateWitnessError`; `BLOCK_GAS_EXCEEDED`.
 */
export function planTransfers(parameters: TransfersParameters, input: TransfersInput): PlannedTransfers {
  const { blocks } = input;
  const transfers = blocks.reduce((sum, { data }) => sum + data.transactions.length, 0);
  if (blocks.length === 0) fail({ code: "TRANSFERS_NO_BLOCKS" });
  if (blocks.length > parameters.blocks)
    fail({ code: "TRANSFERS_TOO_MANY_BLOCKS", blocks: blocks.length, limit: parameters.blocks });
  if (transfers > parameters.transfers)
    fail({ code: "TRANSFERS_TOO_MANY", transfers, limit: parameters.transfers });
  const planner = new TransfersPlanner(input);
  let tip = input.previous;
  for (const block of blocks) {
    assertFollows(tip, input.gasLimit, block.data);
    const stateRoot = planner.addBlock(block);
    const gasUsed = TRANSFER_GAS * BigInt(block.data.transactions.length);
    tip = tipAfter(tip, block.data, { stateRoot, gasUsed });
  }
  const plan = planner.finish();
  const limit = replacementCapacity(parameters);
  if (plan.replacements.length > limit)
    fail({ code: "TRANSFERS_TOO_MANY_ACCOUNTS", replacements: plan.replacements.length, limit });
  return { plan, next: tip };
}

const fail = (type: TransfersPlanError): never => {
  throw new StackError(type, "fatal");
};

const TRANSFER_RECEIPT: ReceiptCommitment = { status: 1, gasUsed: TRANSFER_GAS, logs: [] };

export class TransfersPlanner {
  readonly #input: TransfersInput;
  readonly #blocks: BlockHint[] = [];
  readonly #stream: Uint8Array[] = [];
  readonly #transfers: (TransferHint & ApplyHint)[] = [];
  readonly #digests: bigint[] = [];
  readonly #replacements: Replacement[] = [];
  #start: Pick<TransfersPlan, "treeRoot" | "leafCount" | "receiptsHead"> | undefined;
  #stateRoot: bigint;

  constructor(input: TransfersInput) {
    this.#input = input;
    this.#stateRoot = input.previous.stateRoot;
  }

  /** Returns the state root after the block. */
  addBlock({ data, state }: ProvenBlock): bigint {
    const replay = this.openState(state, this.#stateRoot);
    this.#start ??= {
      treeRoot: replay.root(),
      leafCount: BigInt(replay.leafCount),
      receiptsHead: replay.receiptsHead,
    };
    for (const raw of data.transactions) this.#addTransfer(replay, data, raw);
    this.#blocks.push({
      timestamp: data.timestamp,
      feeRecipient: addressToField(data.feeRecipient),
      transfers: BigInt(data.transactions.length),
    });
    const bytes = encodeBlock(data);
    this.#digests.push(hashBytes(bytes));
    this.#replacements.push(...replay.replacements);
    return (this.#stateRoot = replay.stateRoot());
  }

  finish(): TransfersPlan {
    const { chainId, gasLimit, previous } = this.#input;
    return {
      chainId,
      gasLimit,
      previous,
      blocks: this.#blocks,
      stream: concatBytes(this.#stream),
      transfers: this.#transfers,
      digests: this.#digests,
      ...(this.#start ?? { treeRoot: 0n, leafCount: 0n, receiptsHead: 0n }),
      replacements: this.#replacements,
    };
  }

  #addTransfer(replay: StateReplay, block: BlockData, raw: Uint8Array): void {
    this.#stream.push(encodeLength(raw.length), raw);
    const transfer = this.decode(raw);
    const { publicKey } = transfer;
    const hints = this.apply(replay, transfer, block);
    replay.addReceipt(block.number, TRANSFER_RECEIPT);
    this.#transfers.push({ publicKey, block: this.#blocks.length, ...hints });
  }

  protected openState(state: StateWitness, stateRoot: bigint): StateReplay {
    return new StateReplay(state, stateRoot);
  }

  protected decode(raw: Uint8Array): DecodedTransfer {
    return decodeTransfer(raw);
  }

  protected apply(replay: StateReplay, transfer: DecodedTransfer, block: BlockData): ApplyHint {
    const tip = this.tip(transfer, block);
    const gas = TRANSFER_GAS * (block.baseFeePerGas + tip);
    const debit = replay.debit(transfer.sender, (account) => this.debited(account, transfer, gas));
    const credits = this.credits(transfer, block, TRANSFER_GAS * tip);
    const [first, second] = credits.map(([address, amount]) => this.credit(replay, address, amount));
    return { debit, credits: [first!, second!] };
  }

  protected debited(account: AccountState, transfer: DecodedTransfer, gas: bigint): AccountState {
    return { ...account, nonce: account.nonce + 1n, balance: account.balance - transfer.value - gas };
  }

  protected credit(replay: StateReplay, address: Address, amount: bigint): ApplyHint["credits"][0] {
    return replay.credit(address, amount);
  }

  protected tip(transfer: DecodedTransfer, block: BlockData): bigint {
    const room = transfer.maxFeePerGas - block.baseFeePerGas;
    return room < transfer.maxPriorityFeePerGas ? room : transfer.maxPriorityFeePerGas;
  }

  /** In ascending order of their keys; of equal keys the recipient first. */
  protected credits(
    { recipient, value }: DecodedTransfer,
    block: BlockData,
    fees: bigint,
  ): [Address, bigint][] {
    const own: [Address, bigint] = [recipient, value];
    const miner: [Address, bigint] = [block.feeRecipient, fees];
    return accountKey(block.feeRecipient) < accountKey(recipient) ? [miner, own] : [own, miner];
  }
}

const encodeLength = (length: number): Uint8Array =>
  Uint8Array.from([24, 16, 8, 0], (shift) => (length >>> shift) & 0xff);
