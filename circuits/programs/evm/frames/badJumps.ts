/**
 * A JUMP, or a JUMPI that is taken, to where no JUMPDEST stands: it is answered with the system's INVALID, where the frame's only
 * way on is an exceptional halt.
 *
 * Proves: word a names no JUMPDEST in the code of frame f, and for JUMPI word b is not 0.
 * Assumes: the frame's columns codeBase and codeSize.
 * Enforces: a is at least the code's size, or the symbol at its position is not 0x5b.
 * Sound because: a clips to an integer that keeps its order against a size below 2^24; either range has one value of the flag. A byte
 *   that is PUSH data has a symbol of 512 or more, hence is no JUMPDEST.
 * Cost: 45 gates.
 */
import { combine, isConstant, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { BadJumpEntry } from "../../../../protocol/evm/plan/frames/misfitPlan.ts";
import { clip } from "../memory/operands.ts";
import type { FrameServices } from "./frameServices.ts";

const CLIP_BITS = 154;

export interface BadJump {
  readonly isJump: Bool;
  readonly isJumpi: Bool;
  readonly a: Wire;
  readonly b: Wire;
}

/** `f`: the frame, of which columns are read. */
export function badJump(
  b: Builder,
  { facts, frames, symbols }: Pick<FrameServices, "facts" | "frames" | "symbols">,
  f: Wire,
  entry: () => BadJumpEntry | undefined,
): BadJump {
  return b.scope("badJump", () => {
    const is = (name: "JUMP" | "JUMPI"): Bool =>
      witnessBool(b, `is${name}`, () => entry()?.question.op === OPCODE[name]);
    const [isJump, isJumpi] = [is("JUMP"), is("JUMPI")];
    const [a, second] = (["a", "b"] as const).map((field) =>
      witnessBits(b, 20, field, () => BigInt(entry()?.question[field] ?? 0)),
    ) as [Wire, Wire];
    const isUntaken = isZeroWord(b, facts.word(second, "condition"), "isUntaken");
    b.assertZero([[1n, isJumpi, isUntaken]], [], 0n, "isTaken"); // prettier-ignore
    const target = clip(b, facts.word(a, "target"), "target.value");
    const size = frames.read("codeSize", f, "codeSize");
    const isPast = witnessBool(b, "isPast", () => b.value(target) >= b.value(size));
    const over = sum(b, [[1n, target], [-1n, size]], 0n, "over"); // prettier-ignore
    // over, or -1 - over.
    const distance = combine(b, [[2n, isPast, over]], [[-1n, over], [1n, isPast]], -1n, "distance"); // prettier-ignore
    assertBits(b, distance, CLIP_BITS, "isPast.isProven");
    const position = sum(b, [[1n, target], [1n, frames.read("codeBase", f, "codeBase")]], 0n, "position"); // prettier-ignore
    const inside = combine(b, [[-1n, isPast, position]], [[1n, position]], 0n, "position.inside");
    const symbol = symbols.read(b, assertBits(b, inside, 20, "position.size"), "symbol");
    const isDestination = isConstant(b, symbol, BigInt(OPCODE.JUMPDEST!), "isDestination");
    const jumps = sum(b, [[1n, isJump], [1n, isJumpi]], 0n, "jumps"); // prettier-ignore
    const lands = combine(b, [[-1n, isPast, isDestination]], [[1n, isDestination]], 0n, "lands");
    b.assertZero([[1n, jumps, lands]], [], 0n, "target.isNoJumpdest"); // prettier-ignore
    return { isJump, isJumpi, a, b: second };
  });
}
