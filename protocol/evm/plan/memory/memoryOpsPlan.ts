/** MLOAD, MSTORE, MSTORE8, MSIZE, CALLDATALOAD, RETURNDATASIZE (circuits/programs/evm/memory/memoryOps.ts). */
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import type { Answer } from "../rowMachine.ts";
import { expand, memoryStart } from "./expansionPlan.ts";
import { Sub } from "./memoryBusPlan.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";

export interface MemoryOpEntry {
  /** With its answers. */
  readonly key: FactKey;
}

/** Id of the word `value` shifted left by the word `shift`: a fact SHL. */
export type ShiftLeft = (shift: number, value: number) => number;

const WORD = 32;
const { MLOAD, MSTORE, MSTORE8, MSIZE, CALLDATALOAD, RETURNDATASIZE } = OPCODE;

export class MemoryOpsPlan {
  readonly entries: MemoryOpEntry[] = [];
  readonly #services: MemoryPlanServices;
  readonly #shiftLeft: ShiftLeft;

  constructor(services: MemoryPlanServices, shiftLeft: ShiftLeft) {
    this.#services = services;
    this.#shiftLeft = shiftLeft;
  }

  /** Executes the next row. Assumes that it does not halt and that offsets of memory are small. */
  execute(op: number): void {
    const { book, rows } = this.#services;
    const question = rows.question(op);
    const answer = this.#answer(op, Number(question.a ?? 0), Number(question.b ?? 0));
    const key = { ...question, ...answer };
    this.entries.push({ key });
    book.key("memoryOps", book.take("memoryOps"), key);
    rows.step(op, answer);
  }

  #answer(op: number, a: number, b: number): Answer {
    const { book, bus, frames, rows } = this.#services;
    const { t, frame } = rows;
    if (op === CALLDATALOAD) return { z: this.#calldata(book.value(a)) };
    if (op === MSIZE)
      return { z: book.literal(BigInt(WORD * bus.read(t, Sub.SIZE, frames.column("memoryBase", frame)))) };
    if (op === RETURNDATASIZE) {
      const callee = bus.read(t, Sub.SIZE, frames.column("memoryBase", frame) + 1);
      return { z: book.literal(BigInt(frames.column("outputLength", callee))) };
    }
    const offset = Number(book.value(a));
    const touched = Math.floor(offset / WORD) + (op !== MSTORE8 && offset % WORD !== 0 ? 2 : 1);
    const y = expand(this.#services, t, frame, touched);
    const address = memoryStart(frames, frame) + offset;
    if (op === MLOAD) return { z: this.#load(address), y };
    if (op === MSTORE) this.#store(address, b);
    else this.#storeByte(address, b);
    return { y };
  }

  #load(address: number): number {
    const { bus, bytes, rows } = this.#services;
    const [cell, shift] = [Math.floor(address / WORD), address % WORD];
    const x = bus.read(rows.t, Sub.READ, cell);
    if (shift === 0) return x;
    return bytes.join(x, bus.read(rows.t, Sub.READ + 1, cell + 1), shift);
  }

  /** Zeros past the end. */
  #calldata(offset: bigint): number {
    const { bytes, frames, rows } = this.#services;
    const left = BigInt(frames.column("inputLength", rows.frame)) - offset;
    if (left <= 0n) return 0;
    const word = this.#load(frames.column("inputStart", rows.frame) + Number(offset));
    return left >= BigInt(WORD) ? word : bytes.merge(word, 0, Number(left));
  }

  #store(address: number, value: number): void {
    const { bus, bytes, rows } = this.#services;
    const [cell, shift] = [Math.floor(address / WORD), address % WORD];
    if (shift === 0) {
      bus.write(rows.t, Sub.READ, cell, value);
      return;
    }
    const rotated = bytes.join(value, value, WORD - shift);
    bus.write(rows.t, Sub.READ, cell, bytes.merge(bus.peek(cell), rotated, shift));
    bus.write(rows.t, Sub.READ + 1, cell + 1, bytes.merge(rotated, bus.peek(cell + 1), shift));
  }

  #storeByte(address: number, value: number): void {
    const { bus, bytes, rows } = this.#services;
    const [cell, shift] = [Math.floor(address / WORD), address % WORD];
    // Ids below 256 are those numbers.
    const placed = this.#shiftLeft(8 * (WORD - 1 - shift), value);
    const old = bus.peek(cell);
    bus.write(rows.t, Sub.READ, cell, bytes.merge(bytes.merge(old, placed, shift), old, shift + 1));
  }
}

/** The opcodes this planner executes. */
export const MEMORY_OPS: ReadonlySet<number> = new Set([MLOAD, MSTORE, MSTORE8, MSIZE, CALLDATALOAD, RETURNDATASIZE].map((op) => op!)); // prettier-ignore
