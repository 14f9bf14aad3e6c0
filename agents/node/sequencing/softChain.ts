import { blockHash } from "../../../protocol/block.ts";
import { bytesToField, fieldToHex } from "../../../protocol/field.ts";
import type { BlockExecution } from "../../kit/execution/blockExecution.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { BlockParent, Chain } from "../../kit/execution/chain.ts";
import type { Machine } from "../../kit/execution/machine.ts";
import { blockDataOf } from "../../kit/execution/sealedBlock.ts";
import type { StateReader } from "../../kit/execution/stateReader.ts";
import { fromHex, type Hex } from "../../kit/hex.ts";
import type { OpenBlock } from "./poolStore.ts";

/**
 * The end of the chain that is not on the disk: at most one block being written and, on top of it, one being filled.
 * So the next transaction never waits for the hashing and writing of the block before.
 */
export class SoftChain {
  readonly #chain: Chain;
  readonly #machine: Machine;
  #sealing: { readonly block: BlockExecution; readonly asParent: BlockParent } | undefined;
  #open: BlockExecution | undefined;

  constructor(chain: Chain, machine: Machine) {
    this.#chain = chain;
    this.#machine = machine;
  }

  /** The block being filled; undefined until something is in it. */
  get open(): BlockExecution | undefined {
    return this.#open;
  }

  /** Oldest first. */
  get blocks(): BlockExecution[] {
    return [this.#sealing?.block, this.#open].filter((block) => block !== undefined);
  }

  /** What the block being filled stands on, or will. */
  get parent(): BlockParent {
    return this.#sealing?.asParent ?? this.#chain.headAsParent();
  }

  /** After the last transaction executed. Later ones change it: see `snapshot`. */
  get state(): StateReader {
    return this.#open?.state ?? this.parent.state;
  }

  /** The state now, which nothing changes any more. */
  snapshot(): StateReader {
    const sealed = this.#chain.state(this.#chain.head.number);
    const parent = this.#sealing ? this.#sealing.block.snapshot(sealed) : sealed;
    return this.#open ? this.#open.snapshot(parent) : parent;
  }

  has(transactionHash: Hex): boolean {
    return this.blocks.some(({ transactions }) => transactions.some(({ hash }) => hash === transactionHash));
  }

  /** A block on top of the last, not yet the open one. */
  begin(chosen: OpenBlock): BlockExecution {
    return this.#chain.beginMetered(this.#machine, this.parent, chosen);
  }

  setOpen(block: BlockExecution): void {
    this.#open = block;
  }

  /** `block` (the open one, or a new one that stays empty) takes no more transactions. Assumes that none is being written. */
  freeze(block: BlockExecution): void {
    const { parent } = this;
    this.#open = undefined;
    this.#sealing = { block, asParent: asParent(block, parent) };
  }

  /** The frozen block is on the disk, and read from there: its copy in memory may go. */
  sealed(header: BlockHeader): void {
    this.#sealing = undefined;
    this.#open?.rebase(this.#chain.state(header.number));
  }
}

function asParent(block: BlockExecution, parent: BlockParent): BlockParent {
  const { number, timestamp, baseFeePerGas } = block.environment;
  const hash = fieldToHex(blockHash(bytesToField(fromHex(parent.hash)), blockDataOf(block)));
  return { hash, number, timestamp, baseFeePerGas, gasUsed: block.gasUsed, state: block.state };
}
