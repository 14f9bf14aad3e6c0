/** Executes a message natively and plans its frames, rows, state and memory: the loop of a planner in small. */
import { assert } from "chai";
import type { Capacities } from "../../../../protocol/evm/capacities.ts";
import { CHIP_FACTS, TABLES } from "../../../../protocol/evm/capacities.ts";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { CallResult } from "../../../../protocol/evm/machine/executeCall.ts";
import type { FrameTrace, Step } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODE, pushBytes } from "../../../../protocol/evm/opcodes.ts";
import { CodePlan } from "../../../../protocol/evm/plan/code/codePlan.ts";
import type { TransactionStartPlan } from "../../../../protocol/evm/plan/execution/transactionStart.ts";
import { FactBook } from "../../../../protocol/evm/plan/factBook.ts";
import type { FactKey } from "../../../../protocol/evm/factKey.ts";
import { planKeccakJobs } from "../../../../protocol/evm/keccakUse.ts";
import { FrameNumbers } from "../../../../protocol/evm/plan/frames/frameNumbers.ts";
import { FramesPlan } from "../../../../protocol/evm/plan/frames/framesPlan.ts";
import { MemoryPlan } from "../../../../protocol/evm/plan/memory/memoryPlan.ts";
import { hasLanded } from "../../../../protocol/evm/plan/opcodeSteps.ts";
import { RowMachine } from "../../../../protocol/evm/plan/rowMachine.ts";
import { StorageOps } from "../../../../protocol/evm/plan/state/storageOps.ts";
import { StatePlan } from "../../../../protocol/evm/plan/state/statePlan.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import { type AccountState, EMPTY_ACCOUNT } from "../../../../protocol/state/account.ts";
import { codeIdentity } from "../../../../protocol/state/code.ts";

import { deeper } from "./deeper.ts";

export const CALLER = 0xca11e4n;
export const RECIPIENT = 0xaaaan;

export interface World {
  /** Code by address; RECIPIENT runs. */
  readonly contracts: ReadonlyMap<bigint, Uint8Array>;
  readonly balances?: ReadonlyMap<bigint, bigint>;
  readonly nonces?: ReadonlyMap<bigint, bigint>;
  readonly gas?: bigint;
  /** Above 0: RECIPIENT calls itself by DELEGATECALL; only the frame that many calls deep is planned, as a transaction's own. */
  readonly depth?: number;
  /** A lying planner: what it does in place of a step; true: it has ended the step's frame, whose other steps are left out. */
  readonly lie?: (run: PlannedRun, step: Step) => boolean;
  /** What is less or more than the small default. */
  readonly capacities?: Partial<Capacities>;
}

const SMALL: Partial<Capacities> = {
  rows: 96,
  stack: 1200,
  codeRows: 16,
  codes: 6,
  pushes: 48,
  literals: 24,
  jumps: 2,
  frames: 5,
  transactions: 1,
  exceptions: 2,
  storageOps: 3,
  memoryOps: 4,
  joins: 2,
  merges: 3,
  copyWords: 4,
  memoryCells: 256,
  memoryAccesses: 40,
  messages: 1,
  messageWords: 1,
  accounts: 6,
  slots: 3,
  stateAccesses: 80,
};

const none = [...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, 0]);

export function capacitiesOf(own: Partial<Capacities> = {}): Capacities {
  return { ...(Object.fromEntries(none) as Capacities), ...SMALL, ...own };
}

export class PlannedRun {
  readonly capacities: Capacities;
  readonly book: FactBook;
  readonly code: CodePlan;
  readonly state: StatePlan;
  readonly machine: RowMachine;
  readonly frames: FramesPlan;
  readonly memory: MemoryPlan;
  readonly storage: StorageOps;
  readonly hashed: Uint8Array[] = [];
  readonly result: CallResult;
  readonly rows: FactKey[] = [];
  readonly start: TransactionStartPlan;
  readonly depth: number;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.depth = world.depth ?? 0;
    this.capacities = capacitiesOf(world.capacities);
    this.book = new FactBook(this.capacities);
    this.code = new CodePlan(this.book);
    const account = (address: bigint): AccountState => accountOf(world, address);
    this.state = new StatePlan(this.book, this.code, {
      account,
      slot: () => 0n,
      code: (hash) => this.#codeOf(hash),
    });
    this.result = deeper(this.#execute(world.gas ?? 200_000n, account), this.depth);
    this.machine = new RowMachine(SystemCode.BEGIN, (f) => this.frames.column("stackBase", f));
    const frames = { column: (column: never, f: number) => this.frames.column(column, f) };
    this.memory = new MemoryPlan(this.book, [], {
      frames,
      rows: this.machine,
      shiftLeft: (shift, value) =>
        this.book.literal((this.book.value(value) << this.book.value(shift)) % 2n ** 256n),
      codeWord: (position) => this.code.word(position),
      openExternalCode: () => ({ gas: 0, codeBase: 0, codeSize: 0 }),
      setLastLog: () => 0,
    });
    this.storage = new StorageOps(this.book, this.state);
    const numbers = new FrameNumbers(this.book, [this.result]);
    const { book, code, state, machine, memory } = this;
    const digest = (message: Uint8Array): void => void this.hashed.push(message);
    this.frames = new FramesPlan({ book, code, state, machine, memory, numbers, digest });
    this.start = this.#begin(this.result.frames[0]!.gasGiven);
    this.#run(this.result.frames[0]!);
    this.#end();
    if (world.lie === undefined) this.#assertSameState();
  }

  #execute(gas: bigint, account: (address: bigint) => AccountState): CallResult {
    const block = {
      number: 1n,
      timestamp: 1n,
      feeRecipient: "0x00000000000000000000000000000000000000fe",
      gasLimit: 2n ** 28n,
      baseFeePerGas: 7n,
    } as const;
    const reader = {
      account,
      storage: () => 0n,
      code: (hash: bigint) => this.#codeOf(hash)!,
      blockHash: () => 0n,
    };
    const native = new BlockMachine(1n, block as never, reader);
    return native.call({
      sender: CALLER,
      to: RECIPIENT,
      value: 0n,
      data: new Uint8Array(),
      gas,
      gasPrice: 0n,
      accessList: [],
    });
  }

  #codeOf(hash: bigint): Uint8Array | undefined {
    return [...this.#world.contracts.values()].find((code) => codeIdentity(code).codeHash === hash);
  }

  #begin(gas: bigint): TransactionStartPlan {
    const { machine, state, book, code, frames } = this;
    state.bus.newTransaction(0, 1);
    state.setAccount({ t: 0, sub: 2 }, state.account(CALLER), "warm", 1);
    state.setAccount({ t: 0, sub: 3 }, state.account(RECIPIENT), "warm", 1);
    const checkpoint = state.bus.checkpoint(0, 4);
    const bytes = this.#world.contracts.get(RECIPIENT)!;
    const object = code.object(codeIdentity(bytes), bytes);
    const { base } = code.segment(codeIdentity(bytes).codeHash, bytes);
    const [address, caller] = [book.literal(RECIPIENT), book.literal(CALLER)];
    const start = {
      frame: 1,
      isCreation: false,
      t: 0,
      codeBase: base,
      codeSize: bytes.length,
      address,
      caller,
      value: 0,
      inputStart: 0,
      inputLength: 0,
      floor: machine.gas - gas,
      checkpoint,
      code: object,
    };
    const question = { ...machine.question(Tag.BEGIN), z: base, y: 1 };
    this.#transactionRow(0, question);
    frames.openTransaction(start);
    frames.values(start.frame).depth = BigInt(this.depth);
    machine.step(Tag.BEGIN, { z: base, y: 1 });
    return start;
  }

  #transactionRow(which: number, question: FactKey): void {
    if (which === 0) this.book.take("transactions");
    this.book.key("transactions", 0, question, which);
    this.rows.push(question);
  }

  #end(): void {
    const { machine, capacities } = this;
    const answer = { z: SystemCode.HALT };
    this.frames.settle();
    this.#transactionRow(1, { ...machine.question(Tag.END), ...answer });
    machine.step(Tag.END, answer);
    this.book.reach("rows", machine.t);
    const { use } = planKeccakJobs(this.hashed);
    this.book.take("keccakJobs", use.jobs);
    this.book.take("keccakWords", use.words);
    this.book.take("keccakBlocks", use.blocks);
    while (machine.t < capacities.rows) machine.step(Tag.HALT);
  }

  /** All steps of a frame; those of its callees come between. */
  #run(frame: FrameTrace): void {
    const { steps, frames } = this.result;
    for (let i = frame.firstStep; i >= 0 && i <= frame.lastStep; i++) {
      const step = steps[i]!;
      if (step.frame !== frame.index || hasLanded(this, step)) continue;
      if (this.#world.lie?.(this, step) === true) return;
      const child = step.child === undefined ? undefined : frames[step.child]!;
      this.#step(step, child);
      if (child !== undefined) this.#callee(child);
    }
  }

  #callee(child: FrameTrace): void {
    if (child.firstStep >= 0) return this.#run(child);
    const { reason } = child.outcome;
    if (child.precompile !== undefined && (reason === "RETURN" || reason === "PRECOMPILE_FAILED"))
      return void this.frames.precompile(child);
    // The system's INVALID is where a collision starts.
    if (reason === "CREATE_COLLISION") return this.frames.exception("invalid");
    this.frames.end(reason === "STOP" ? OPCODE.STOP! : Tag.FAIL);
  }

  #step(step: Step, child: FrameTrace | undefined): void {
    const { machine, frames, code } = this;
    const op = step.opcode;
    if (this.#world.lie === undefined) this.#assertAtStep(step);
    if (step.halt !== undefined) {
      if (frames.halt(step)) return;
      this.#plain(op);
      return frames.exception("gas");
    }
    if (op === OPCODE.CREATE || op === OPCODE.CREATE2) return frames.create(step, child);
    if (child !== undefined) return frames.call(step, child);
    const question = machine.question(op);
    if (op === OPCODE.JUMP || op === OPCODE.JUMPI)
      return machine.step(op, code.jump(question, frames.column("codeBase", machine.frame)));
    this.#plain(op);
  }

  /** The plan is where the native machine is: code, gas, stack. */
  #assertAtStep(step: Step): void {
    const { machine, frames, book } = this;
    const { floor, codeBase, stackBase, depth, isStatic, caller, address, value } = frames.values(
      machine.frame,
    );
    const at = { pc: machine.pc - Number(codeBase), gas: machine.gas - floor, size: machine.sp + 1 - Number(stackBase), depth: Number(depth) }; // prettier-ignore
    assert.deepEqual(at, { pc: step.pc, gas: step.gas, size: step.stackSize, depth: step.depth });
    const trace = this.result.frames[step.frame]!;
    const of = { isStatic: isStatic === 1n, caller: book.value(Number(caller)), address: book.value(Number(address)), value: book.value(Number(value)) }; // prettier-ignore
    assert.deepEqual(of, { isStatic: trace.isStatic, caller: trace.caller, address: trace.address, value: trace.value }); // prettier-ignore
    const { operands } = step;
    const isShifter = step.opcode >= 0x80 && step.opcode <= 0x9f;
    if (!isShifter) operands.forEach((word, depth) => assert.equal(book.value(machine.operand(depth)), word));
  }

  /** At the end: gas, and what every account and slot that was touched holds. */
  #assertSameState(): void {
    const { machine, state, result, book, start } = this;
    assert.equal(machine.gas - start.floor, result.frames[0]!.outcome.gasLeft);
    const { accounts, slots } = result.effects;
    for (const [number, { account, slot, before }] of state.slots.entries()) {
      const written = slots.get(state.accounts[account]!.address)?.get(slot) ?? before;
      assert.equal(book.value(state.peekSlot(number, "value")), written);
    }
    for (const [number, { address, before }] of state.accounts.entries()) {
      const { balance, nonce, codeHash } = accounts.get(address) ?? before;
      const code = state.peekAccount(number, "code");
      const hash = code === 0 ? EMPTY_ACCOUNT.codeHash : this.code.objects[code - 1]!.identity.codeHash;
      const held = { balance: book.value(state.peekAccount(number, "balance")), nonce: book.value(state.peekAccount(number, "nonce")), codeHash: hash }; // prettier-ignore
      assert.deepEqual(held, { balance, nonce, codeHash });
    }
  }

  #plain(op: number): void {
    const { machine, code, storage, memory, book, frames } = this;
    const question = machine.question(op);
    const address = book.value(frames.column("address", machine.frame));
    if (pushBytes(op) > 0) machine.step(op, { z: code.push(question) });
    else if (op === OPCODE.SLOAD || op === OPCODE.SSTORE || op === OPCODE.TLOAD || op === OPCODE.TSTORE)
      machine.step(op, storage.execute(question, address));
    else if (
      op === OPCODE.MLOAD ||
      op === OPCODE.MSTORE ||
      op === OPCODE.MSTORE8 ||
      op === OPCODE.RETURNDATASIZE ||
      op === OPCODE.CALLDATALOAD
    )
      memory.ops.execute(op);
    else machine.step(op);
  }
}

function accountOf({ contracts, balances, nonces }: World, address: bigint): AccountState {
  const code = contracts.get(address);
  const balance = balances?.get(address) ?? 0n;
  if (code === undefined) return { ...EMPTY_ACCOUNT, balance };
  return { ...EMPTY_ACCOUNT, nonce: nonces?.get(address) ?? 1n, balance, ...codeIdentity(code) };
}
