/**
 * Where JUMP and JUMPI go.
 *
 * Proves: z of an entry's key is the position after the JUMPDEST that word a names in the code of frame f, and y is what that
 *   JUMPDEST costs: the jump's row executes it too. For JUMPI whose word b is zero, z is pc + 1 and y is 0.
 * Assumes: the frame's columns codeBase and codeSize.
 * Enforces: z = from + 1; where the jump is taken, a.hi = 0, from = codeBase + a.lo, a.lo < codeSize, and the symbol there is
 *   0x5b; where it is not, from = pc.
 * Sound because: a byte that is PUSH data has a symbol of 512 or more; a.lo < codeSize keeps the target in the own code. A frame
 *   that cannot pay the JUMPDEST is below its floor after the jump: as after any opcode, its only way on is an EXCEPTION.
 * Cost: 55 gates.
 */
import { assertEqualIf, combine, isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { Rom } from "../../../builder/rom.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { JumpEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";

const JUMP = BigInt(OPCODE.JUMP!);
const JUMPI = BigInt(OPCODE.JUMPI!);
const JUMPDEST = BigInt(OPCODE.JUMPDEST!);

export interface JumpServices {
  readonly facts: Facts;
  readonly frames: FrameColumns;
  readonly symbols: Rom<Wire>;
}

export function jumpChip(
  b: Builder,
  services: JumpServices,
  count: number,
  entry: (i: number) => JumpEntry | undefined,
): void {
  for (let i = 0; i < count; i++) b.scope(`jump[${i}]`, () => jump(b, services, i, () => entry(i)));
}

function jump(b: Builder, services: JumpServices, i: number, entry: () => JumpEntry | undefined): void {
  const { facts, frames, symbols } = services;
  const field = (name: "a" | "b" | "f" | "pc", bits: number): Wire =>
    witnessBits(b, bits, name, () => BigInt(entry()?.question[name] ?? 0));
  const isJump = witnessBool(b, "isJump", () => entry()?.question.op === OPCODE.JUMP);
  const isJumpi = witnessBool(b, "isJumpi", () => entry()?.question.op === OPCODE.JUMPI);
  const active = assertBits(b, sum(b, [[1n, isJump], [1n, isJumpi]], 0n, "active"), 1, "active.one"); // prettier-ignore
  const [a, second, f, pc] = [field("a", 20), field("b", 20), field("f", 14), field("pc", 20)];
  const from = witnessBits(b, 20, "from", () => BigInt(entry()?.from ?? 0));
  const isTaken = decide(b, facts, isJump, isJumpi, second);
  const target = facts.word(a, "target");
  const base = frames.read("codeBase", f, "codeBase");
  const inside = sum(b, [[1n, frames.read("codeSize", f, "codeSize")], [-1n, target.lo]], -1n, "inside"); // prettier-ignore
  assertEqualIf(b, isTaken, target.hi, b.zero, "target.hi.isZero");
  assertEqualIf(b, isTaken, sum(b, [[1n, base], [1n, target.lo]], 0n, "position"), from, "target.isPosition"); // prettier-ignore
  assertBits(b, mul(b, isTaken, inside, "insideIfTaken"), 24, "target.inCode");
  assertEqualIf(b, isTaken, symbols.read(b, from, "symbol"), b.constant(JUMPDEST), "target.isJumpdest");
  const isPassed = promiseBits(b, mul(b, isJumpi, not(b, isTaken, "notTaken"), "isPassed"), 1, "isPassed");
  assertEqualIf(b, isPassed, from, pc, "passed.isNext");
  const z = sum(b, [[1n, symbols.checkedIndex(b, from)]], 1n, "z"); // prettier-ignore
  const op = sum(b, [[JUMP, isJump], [JUMPI, isJumpi]], 0n, "op"); // prettier-ignore
  facts.defineKey("jumps", i, active, { op, a, b: second, z, y: isTaken, f, pc }, "key");
}

/** Is the jump taken: a JUMP, or a JUMPI whose second word is not zero. */
function decide(b: Builder, facts: Facts, isJump: Bool, isJumpi: Bool, second: Wire): Bool {
  const { lo, hi } = facts.word(second, "condition");
  const isNone = isZero(b, sum(b, [[1n, lo], [1n, hi]], 0n, "condition.sum"), "condition.isZero"); // prettier-ignore
  const taken = combine(b, [[-1n, isJumpi, isNone]], [[1n, isJump], [1n, isJumpi]], 0n, "isTaken"); // prettier-ignore
  return assertBits(b, taken, 1, "isTaken.bool");
}
