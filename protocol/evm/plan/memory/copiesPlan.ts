/** CALLDATACOPY, CODECOPY, RETURNDATACOPY, MCOPY, EXTCODECOPY (circuits/programs/evm/memory/copies.ts). */
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";
import type { CopyRowsPlan } from "./copyRowsPlan.ts";
import { expand, memoryStart, touchedWords } from "./expansionPlan.ts";
import { Sub } from "./memoryBusPlan.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";

export interface CopyEntry {
  /** Facts of both rows, with their answers. */
  readonly first: FactKey;
  readonly second: FactKey;
}

export interface ExternalCodePlan {
  readonly gas: number;
  readonly codeBase: number;
  readonly codeSize: number;
}

/** The access of EXTCODECOPY's account at row `t`. `address`: the word. */
export type OpenExternalCode = (t: number, address: bigint) => ExternalCodePlan;

interface Region {
  readonly start: number;
  readonly length: number;
  readonly isCode: boolean;
  readonly gas: number;
}

/** Of MCOPY: no memory is as long. */
const ENDLESS = 2 ** 24 - 1;

export class CopiesPlan {
  readonly entries: CopyEntry[] = [];
  readonly #services: MemoryPlanServices;
  readonly #copyRows: CopyRowsPlan;
  readonly #openExternal: OpenExternalCode;

  constructor(services: MemoryPlanServices, copyRows: CopyRowsPlan, openExternal: OpenExternalCode) {
    this.#services = services;
    this.#copyRows = copyRows;
    this.#openExternal = openExternal;
  }

  /** Executes the opcode's two rows. Assumes that it does not halt and that what is copied is small. */
  execute(op: number): void {
    const { book, bus, frames, rows } = this.#services;
    const { t, frame } = rows;
    const question = rows.question(op);
    const isExternal = op === OPCODE.EXTCODECOPY;
    const [to, from, lengthId] = (isExternal ? [1, 2, 3] : [0, 1, 2]).map((depth) => rows.operand(depth)) as [number, number, number]; // prettier-ignore
    const length = book.value(lengthId);
    const target = length === 0n ? 0n : book.value(to);
    const region = this.#region(op, t, frame, book.value(Number(question.a)));
    const source = book.value(from);
    const offset = source < BigInt(region.length) ? Number(source) : region.length;
    const end = op === OPCODE.MCOPY && source > target ? source : target;
    const gas = expand(this.#services, t, frame, touchedWords(end, length));
    if (op === OPCODE.RETURNDATACOPY) bus.read(t, Sub.RETURN_FRAME, frames.column("memoryBase", frame) + 1);
    const y = gas + 3n * BigInt(touchedWords(0n, length)) + BigInt(region.gas);
    this.#copyRows.copy({
      t,
      destination: memoryStart(frames, frame) + Number(target),
      length: Number(length),
      source: region.start + offset,
      isCode: region.isCode,
      available: region.length - offset,
    });
    const first = { ...question, y };
    rows.step(op, { y });
    const tag = isExternal ? Tag.EXTCODECOPY_SOURCE : Tag.COPY_LENGTH;
    const second = rows.question(tag);
    rows.step(tag);
    const entry = book.take("copies");
    book.key("copies", entry, first);
    book.key("copies", entry, second, 1);
    this.entries.push({ first, second });
  }

  #region(op: number, t: number, frame: number, address: bigint): Region {
    const { bus, frames } = this.#services;
    const region = (start: number, length: number, isCode = false, gas = 0): Region => ({
      start,
      length,
      isCode,
      gas,
    });
    if (op === OPCODE.CALLDATACOPY)
      return region(frames.column("inputStart", frame), frames.column("inputLength", frame));
    if (op === OPCODE.CODECOPY)
      return region(frames.column("codeBase", frame), frames.column("codeSize", frame), true);
    if (op === OPCODE.MCOPY) return region(memoryStart(frames, frame), ENDLESS);
    if (op === OPCODE.EXTCODECOPY) {
      const { codeBase, codeSize, gas } = this.#openExternal(t, address);
      return region(codeBase, codeSize, true, gas);
    }
    const callee = bus.peek(frames.column("memoryBase", frame) + 1);
    return region(frames.column("outputStart", callee), frames.column("outputLength", callee));
  }
}
