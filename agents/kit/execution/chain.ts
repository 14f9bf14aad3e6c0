import { decodeBlock, type BlockData } from "../../../protocol/block.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { bytesToField, type Field } from "../../../protocol/field.ts";
import { stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { encodeWitnessCodes } from "../../../protocol/state/witness.ts";
import { StackError } from "../../../protocol/errors.ts";
import { assertFollows, baseFeeAfter, type ChainTip } from "../../../protocol/tip.ts";
import { fromHex, type Hex } from "../hex.ts";
import type { Store } from "../lmdb.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import { BlockExecution } from "./blockExecution.ts";
import type { BlockHeader } from "./blockHeader.ts";
import { ChainCommon } from "./chainCommon.ts";
import { ChainRecords } from "./chainRecords.ts";
import { decodeTransaction } from "./decodeTransaction.ts";
import { FlatState } from "./flatState.ts";
import type { Genesis } from "./genesis.ts";
import { Machine } from "./machine.ts";
import { firstBlock, receiptsHeads, sealedBlock, type NewBlock } from "./newBlock.ts";
import { programs, type ChainProgram } from "./programs.ts";
import { commitReceipt } from "./receiptCommitment.ts";
import { tipOf } from "./sealedBlock.ts";
import { StateOverlay } from "./stateOverlay.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import { StateTree, type TreeProofs } from "./stateTree.ts";

export type ChainError =
  /** The store holds another chain. */
  | { code: "GENESIS_MISMATCH"; expected: Hex; actual: Hex }
  /** The block was filled on another one than the last, or another process writes to the store. */
  | { code: "NOT_ON_HEAD"; head: bigint; parent: bigint }
  | { code: "BLOCK_TRANSACTION_INVALID"; blockNumber: bigint; index: number }
  | { code: "ROLLBACK_OUT_OF_RANGE"; head: bigint; target: bigint }
  | { code: "BLOCK_NOT_SEALED"; blockNumber: bigint };

const fail = (type: ChainError): never => {
  throw new StackError(type, "fatal");
};

/** Proofs under `stateRoot`, which commits to the tree's root, `leafCount` and `receiptsHead`. */
export interface StateProofs extends Omit<TreeProofs, "treeRoot"> {
  readonly stateRoot: Field;
  readonly receiptsHead: Field;
}

/** The block a new one is filled on: its outputs need not be known, nor the block be on the disk. */
export interface BlockParent {
  readonly hash: Hex;
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly baseFeePerGas: bigint;
  readonly gasUsed: bigint;
  readonly state: StateReader;
}

/** What a block's maker decides beside its transactions. Seconds. */
export interface ChosenInputs {
  readonly timestamp: bigint;
  readonly feeRecipient: Hex;
}

/**
 * The state machine of one chain over one store: what node and light node both run. A block and everything that follows
 * from it become durable in one store transaction, before anything of it is served (I-EXECUTION-01).
 * One writer at a time: `seal`, `executeBlock` and `rollback` must not overlap.
 */
export class Chain {
  readonly genesis: Genesis;
  readonly program: ChainProgram;
  readonly common: ChainCommon;
  readonly records: ChainRecords;
  readonly #store: Store;
  readonly #flat: FlatState;
  readonly #tree: StateTree;
  #head: BlockHeader;

  private constructor(
    genesis: Genesis,
    program: ChainProgram,
    store: Store,
    head: BlockHeader,
    parts: [ChainRecords, FlatState, StateTree],
  ) {
    this.genesis = genesis;
    this.program = program;
    this.common = new ChainCommon(genesis.chainId, program.precompiles);
    this.#store = store;
    this.#head = head;
    [this.records, this.#flat, this.#tree] = parts;
    this.#flat.setHead(head.number);
  }

  /** Opens the chain in `store`, which is begun when it is empty. @throws StackError GENESIS_MISMATCH */
  static async open(
    genesis: Genesis,
    store: Store,
    program: ChainProgram = programs[genesis.program],
  ): Promise<Chain> {
    const parts: [ChainRecords, FlatState, StateTree] = [
      new ChainRecords(store),
      new FlatState(store),
      new StateTree(store),
    ];
    const [records, flat, tree] = parts;
    const first = firstBlock(genesis, new StateTree(store).genesis(genesis.state));
    const headNumber = records.headNumber();
    if (headNumber === undefined) {
      await store.commit(() => writeBlock(first, [genesis.state], records, flat, tree));
      return new Chain(genesis, program, store, first.sealed.header, parts);
    }
    const [known, head] = [records.header(0n), records.header(headNumber)];
    if (!known || !head) return fail({ code: "BLOCK_NOT_SEALED", blockNumber: headNumber });
    if (known.hash !== first.sealed.header.hash)
      fail({ code: "GENESIS_MISMATCH", expected: first.sealed.header.hash, actual: known.hash });
    return new Chain(genesis, program, store, head, parts);
  }

  /** The last sealed block. */
  get head(): BlockHeader {
    return this.#head;
  }

  /** What proofs and settlement call the chain after block `number`. @throws StackError BLOCK_NOT_SEALED */
  tip(number: bigint = this.#head.number): ChainTip {
    return tipOf(this.records.header(number) ?? fail({ code: "BLOCK_NOT_SEALED", blockNumber: number }));
  }

  /** The state after sealed block `number`, whatever is sealed later. */
  state(number: bigint): StateReader {
    return this.#flat.at(number);
  }

  /** Proofs against the state root of sealed block `number`. @throws StackError BLOCK_NOT_SEALED */
  prove(number: bigint, address: Hex, slots: readonly Hex[]): StateProofs {
    const header = this.records.header(number) ?? fail({ code: "BLOCK_NOT_SEALED", blockNumber: number });
    const { treeRoot, ...proofs } = this.#tree.prove(number, address, slots);
    const receiptsHead = bytesToField(fromHex(header.receiptsHead));
    return { ...proofs, receiptsHead, stateRoot: stateRootOf(treeRoot, proofs.leafCount, receiptsHead) };
  }

  /** Canonical bytes of a sealed block. */
  getBlockData(number: bigint): Uint8Array | undefined {
    return this.records.blockData(number);
  }

  /** Canonical bytes of what proves a sealed block against the state root before it (protocol/state/witness.ts). */
  getBlockWitness(number: bigint): Uint8Array | undefined {
    const witness = this.records.witness(number);
    if (!witness) return undefined;
    const { code } = this.state(number);
    return concatBytes([
      witness.values,
      encodeWitnessCodes(witness.codeHashes.map((hash) => code(fromHex(hash)))),
    ]);
  }

  headAsParent(): BlockParent {
    return { ...this.#head, state: this.state(this.#head.number) };
  }

  /** An interpreter with this chain's rules. */
  createMachine(): Promise<Machine> {
    return Machine.create(this.common, new StateOverlay(this.state(0n)));
  }

  /** As `begin`, of a block that is to be proven: it takes no more than a proof of the chain's program holds. */
  beginMetered(machine: Machine, parent: BlockParent, chosen: ChosenInputs): BlockExecution {
    const { chainId } = this.genesis;
    const { proof } = this.program;
    const environment = this.#environment(parent, chosen);
    return new BlockExecution(machine, parent.state, environment, proof && { chainId, proof });
  }

  /** A block to be filled on `parent`. Number, base fee and gas limit follow from it. Assumes a later timestamp. */
  begin(machine: Machine, parent: BlockParent, chosen: ChosenInputs): BlockExecution {
    return new BlockExecution(machine, parent.state, this.#environment(parent, chosen));
  }

  #environment(parent: BlockParent, { timestamp, feeRecipient }: ChosenInputs): BlockEnvironment {
    const tip = { baseFee: parent.baseFeePerGas, gasUsed: parent.gasUsed } as ChainTip;
    return {
      timestamp,
      feeRecipient,
      number: parent.number + 1n,
      gasLimit: this.genesis.gasLimit,
      baseFeePerGas: baseFeeAfter(tip, this.genesis.gasLimit),
      blockHash: (number) =>
        number === parent.number ? parent.hash : (this.records.header(number)?.hash ?? ZERO_HASH),
    };
  }

  /**
   * Makes a filled block the last one: computes its state root and witness, and writes it.
   * `alongside` runs in the same store transaction: what must be true exactly when the block is sealed.
   * @throws StackError NOT_ON_HEAD
   */
  async seal(execution: BlockExecution, alongside?: () => void): Promise<BlockHeader> {
    const parent = this.#head;
    const { number } = execution.environment;
    if (number !== parent.number + 1n)
      fail({ code: "NOT_ON_HEAD", head: parent.number, parent: number - 1n });
    const state = this.state(parent.number);
    const commitments = execution.receipts.map(commitReceipt);
    const heads = receiptsHeads(parent, commitments);
    const step = this.#tree.next(parent.number, state, execution.accesses, execution.changeSets, heads);
    const block = sealedBlock(parent, execution, step, commitments, heads.after);
    await this.#store.commit(() => {
      const head = this.records.headNumber() ?? -1n;
      if (head !== parent.number) fail({ code: "NOT_ON_HEAD", head, parent: parent.number });
      writeBlock(block, execution.changeSets, this.records, this.#flat, this.#tree);
      alongside?.();
    });
    this.#setHead(block.sealed.header);
    return block.sealed.header;
  }

  /**
   * Executes a block that came from elsewhere and makes it the last one. Its inputs are checked against the rules; what it leads to
   * (`stateRoot`, hash) is the caller's to compare with what was claimed, and to `rollback`.
   * @throws StackError with a code of `TipError`, BLOCK_TRANSACTION_INVALID (its cause tells the rule), NOT_ON_HEAD
   */
  async executeBlock(machine: Machine, block: BlockData | Uint8Array): Promise<BlockHeader> {
    const data = block instanceof Uint8Array ? decodeBlock(block) : block;
    assertFollows(this.tip(), this.genesis.gasLimit, data);
    const execution = this.begin(machine, this.headAsParent(), data);
    for (const [index, raw] of data.transactions.entries()) {
      try {
        await execution.execute(decodeTransaction(raw, this.common));
      } catch (cause) {
        const type: ChainError = { code: "BLOCK_TRANSACTION_INVALID", blockNumber: data.number, index };
        throw new StackError(type, "fatal", { cause });
      }
    }
    return this.seal(execution);
  }

  /**
   * Takes blocks off until `target` is the last, one store transaction each: a crash in between leaves a shorter chain.
   * `removed` is called for each, newest first, in its transaction. @throws StackError ROLLBACK_OUT_OF_RANGE
   */
  async rollback(target: bigint, removed?: (header: BlockHeader) => void): Promise<void> {
    if (target < 0n || target > this.#head.number)
      fail({ code: "ROLLBACK_OUT_OF_RANGE", head: this.#head.number, target });
    while (this.#head.number > target) {
      const header = this.#head;
      await this.#store.commit(() => {
        this.#tree.undo(header.number);
        this.#flat.undo(header.number);
        this.records.removeLast(header);
        removed?.(header);
      });
      const below = header.number - 1n;
      this.#setHead(this.records.header(below) ?? fail({ code: "BLOCK_NOT_SEALED", blockNumber: below }));
    }
  }

  #setHead(header: BlockHeader): void {
    this.#head = header;
    this.#flat.setHead(header.number);
  }
}

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;

/** Inside `Store.commit`. */
function writeBlock(
  block: NewBlock,
  changeSets: readonly ChangeSet[],
  records: ChainRecords,
  flat: FlatState,
  tree: StateTree,
): void {
  const { number } = block.sealed.header;
  flat.write(number, changeSets);
  tree.write(number, block.step);
  records.append(block.sealed);
}
