import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "chai";
import type { RunTxResult } from "@ethereumjs/vm";
import { recoverPublicKey } from "../../../../agents/kit/execution/recoverPublicKey.ts";
import { keccak256 } from "../../../../agents/kit/execution/keccak256.ts";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { FrameTrace, Step, TransactionTrace } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODES } from "../../../../protocol/evm/opcodes.ts";
import { bytesToUint, uintToBytes, wordToBytes } from "../../../../protocol/evm/machine/word.ts";
import { assertGasAddsUp } from "./gasAddsUp.ts";
import { type Allocation, MemoryState } from "./memoryState.ts";
import { type Block, Mirror, Oracle, type OracleStep } from "./oracle.ts";
import { StackReplay } from "./stackReplay.ts";

/** A block's transactions are given to the machine and to the oracle one by one, and everything both know is compared. */
export class Lockstep {
  readonly chainId: bigint;
  readonly state: MemoryState;
  readonly oracle: Oracle;
  readonly mirror: Mirror;
  machine: BlockMachine;
  /** The same without a record. */
  #blind: BlockMachine;
  block: Block;
  stepCount = 0;

  private constructor(chainId: bigint, block: Block, state: MemoryState, oracle: Oracle, mirror: Mirror) {
    this.chainId = chainId;
    this.state = state;
    this.oracle = oracle;
    this.mirror = mirror;
    this.block = block;
    [this.machine, this.#blind] = this.#machines();
  }

  static async create(
    chainId: bigint,
    block: Block,
    allocation: ReadonlyMap<bigint, Allocation>,
  ): Promise<Lockstep> {
    const state = new MemoryState(allocation, blockHash);
    const oracle = await Oracle.create(chainId, allocation, blockHash);
    return new Lockstep(chainId, block, state, oracle, await Mirror.create(chainId, allocation));
  }

  #machines(): [BlockMachine, BlockMachine] {
    const primitives = { keccak256, recoverPublicKey };
    return [true, false].map(
      (trace) => new BlockMachine(this.chainId, this.block, this.state, { trace, primitives }),
    ) as [BlockMachine, BlockMachine];
  }

  nextBlock(blocks = 1n): void {
    for (const { effects } of this.machine.transactions) this.state.apply(effects);
    const { number, timestamp } = this.block;
    this.block = { ...this.block, number: number + blocks, timestamp: timestamp + 12n * blocks };
    [this.machine, this.#blind] = this.#machines();
  }

  async send(raw: Uint8Array): Promise<TransactionTrace> {
    const blockGasUsed = this.machine.gasUsed;
    const ours = this.machine.execute(this.machine.decode(raw));
    const blind = this.#blind.execute(this.#blind.decode(raw));
    const theirs = await this.oracle.run(raw, this.block, blockGasUsed);
    this.#compareSteps(ours);
    compareOutcome(ours, theirs);
    expect(outcomeOf(blind), "I-MACHINE-02").to.deep.equal(outcomeOf(ours));
    assertGasAddsUp(ours, this.machine.frames, this.machine.steps);
    await this.mirror.apply(ours.effects);
    expect(bytesToHex(await this.mirror.root()), "state root").to.equal(bytesToHex(await this.oracle.root()));
    return ours;
  }

  #compareSteps({ firstStep, endStep }: TransactionTrace): void {
    const replay = new StackReplay(this.machine.frames, this.machine.steps);
    let next = 0;
    for (let i = firstStep; i < endStep; i++) {
      const step = this.machine.steps[i] as Step;
      const stack = replay.before(step);
      if (isSeen(step, this.machine.frames)) compareStep(step, stack, this.oracle.steps[next++]);
      replay.after(step, i);
      this.stepCount++;
    }
    expect(next, "steps of the oracle").to.equal(this.oracle.steps.length);
  }
}

export const blockHash = (number: bigint): bigint => bytesToUint(keccak256(wordToBytes(number)));

/** What the oracle calls every opcode that there is not. */
const UNDEFINED_OPCODE = 0xfe;

/** The oracle reports neither the STOP beyond the end of the code nor a REVERT that lacks its operands. */
function isSeen({ pc, frame, opcode, halt }: Step, frames: readonly FrameTrace[]): boolean {
  const isRevertWithoutOperands = opcode === 0xfd && halt === "STACK_UNDERFLOW";
  return pc < (frames[frame] as FrameTrace).code.length && !isRevertWithoutOperands;
}

function compareStep(ours: Step, stack: readonly bigint[], theirs: OracleStep | undefined): void {
  const { pc, opcode, gas, depth, memoryWords } = ours;
  const same =
    theirs !== undefined &&
    pc === theirs.pc &&
    (OPCODES[opcode] === undefined ? UNDEFINED_OPCODE : opcode) === theirs.opcode &&
    gas === theirs.gas &&
    depth === theirs.depth &&
    memoryWords === theirs.memoryWords &&
    ours.stackSize === theirs.stack.length &&
    stack.length === theirs.stack.length &&
    stack.every((word, i) => word === theirs.stack[i]);
  // Slow, but says what differs.
  if (!same) expect({ pc, opcode, gas, depth, stack: [...stack], memoryWords }).to.deep.equal(theirs);
}

function compareOutcome(ours: TransactionTrace, theirs: RunTxResult): void {
  expect(ours.gasUsed, "gas").to.equal(theirs.totalGasSpent);
  expect(ours.status, "status").to.equal(theirs.execResult.exceptionError ? 0 : 1);
  expect(ours.refundCounter, "refund counter").to.equal(theirs.gasRefund);
  expect(bytesToHex(ours.output), "output").to.equal(bytesToHex(theirs.execResult.returnValue));
  if (ours.createdAddress !== undefined)
    expect(bytesToHex(uintToBytes(ours.createdAddress, 20))).to.equal(
      theirs.createdAddress?.toString().slice(2),
    );
  const logs = (theirs.execResult.logs ?? []).map(([address, topics, data]) => ({
    address: bytesToUint(address),
    topics: topics.map(bytesToUint),
    data: bytesToHex(data),
  }));
  expect(
    ours.logs.map(({ address, topics, data }) => ({ address, topics, data: bytesToHex(data) })),
  ).to.deep.equal(logs);
}

/** Without places in the record. */
const outcomeOf = (trace: TransactionTrace): object => ({
  ...trace,
  firstFrame: 0,
  endFrame: 0,
  firstStep: 0,
  endStep: 0,
  logs: trace.logs.map((log) => ({ ...log, step: 0 })),
});
