/** Opcodes that no other chip can execute, natively as circuits/programs/evm/frames/{misfits,badJumps}.ts prove them. */
import { factKey, type FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import { SystemCode } from "../../tags.ts";
import { Sub } from "../memory/memoryBusPlan.ts";
import { PENALTY } from "./frameEntry.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";
import { memoryGrowth, openRange } from "./memoryRange.ts";
import { type MisfitKind, MISFITS } from "./misfits.ts";

export interface MisfitEntry {
  readonly op: number;
  /** Of its rows. */
  readonly questions: readonly FactKey[];
}

/** A JUMP or JUMPI that goes nowhere. */
export interface BadJumpEntry {
  readonly question: FactKey;
}

const RETURNDATACOPY = OPCODE.RETURNDATACOPY!;

/** Executes the rows of an opcode that cannot be executed; false if it can. */
export function planMisfit(services: FramePlanServices, frames: FramesPlan, op: number): boolean {
  if (op === OPCODE.JUMP || op === OPCODE.JUMPI) return planBadJump(services, frames, op);
  const kind = MISFITS.find((candidate) => candidate.op === op);
  return kind !== undefined && planMemoryMisfit(services, frames, kind);
}

function planBadJump({ book, machine }: FramePlanServices, frames: FramesPlan, op: number): boolean {
  const question = machine.question(op);
  const answer = { z: SystemCode.INVALID };
  if (book.answerTo(factKey(question)) === undefined) {
    book.key("exceptions", frames.exceptionEntry({ badJump: { question } }), { ...question, ...answer });
  }
  machine.step(op, answer);
  return true;
}

interface Operands {
  readonly length: bigint;
  readonly offset: bigint;
  /** Of MCOPY and RETURNDATACOPY. */
  readonly source: bigint;
}

function planMemoryMisfit(services: FramePlanServices, frames: FramesPlan, kind: MisfitKind): boolean {
  const { book, machine, memory } = services;
  const { t, frame: f } = machine;
  const { memoryBase, floor } = frames.values(f);
  const operands = readOperands(services, kind);
  const range = openRange(operands.offset, operands.length);
  const other = openRange(operands.source, kind.op === OPCODE.MCOPY ? operands.length : 0n);
  const growth = memoryGrowth(memory.bus, Number(memoryBase), Math.max(range.words, other.words));
  const bytes = range.length;
  const least = growth.gas + BigInt(kind.fixed + kind.once + kind.perByte * bytes + kind.perWord * Math.ceil(bytes / 32)); // prettier-ignore
  const returned = memory.bus.peek(Number(memoryBase) + 1);
  const isBeyond =
    kind.op === RETURNDATACOPY && operands.source + operands.length > frames.values(returned).outputLength;
  if (!range.isHuge && !other.isHuge && !isBeyond && least <= machine.gas - floor) return false;
  memory.bus.write(t, Sub.SIZE, Number(memoryBase), growth.before);
  if (kind.op === RETURNDATACOPY) memory.bus.read(t, Sub.RETURN_FRAME, Number(memoryBase) + 1);
  const questions = [kind.op, ...kind.later].map((op, row) => {
    const question = machine.question(op);
    machine.step(op, row === 0 ? { y: PENALTY } : {});
    return question;
  });
  const entry = frames.exceptionEntry({ misfit: { op: kind.op, questions } });
  questions.forEach((question, row) => book.key("exceptions", entry, row === 0 ? { ...question, y: PENALTY } : question, row + 1)); // prettier-ignore
  return true;
}

function readOperands({ book, machine }: FramePlanServices, { length, offset }: MisfitKind): Operands {
  const at = (depth: number): bigint => book.value(machine.operand(depth));
  const depth = { b: 1, a2: 2, b2: 3 } as const;
  return {
    length: typeof length === "number" ? BigInt(length) : at(depth[length]),
    offset: at(offset === "a" ? 0 : 1),
    source: at(1),
  };
}
