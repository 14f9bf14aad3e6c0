/**
 * Masks that five opcodes push (protocol/evm/pushedMask.ts): one entry a place in the code.
 *
 * Proves: the code at pc of an entry's key holds PUSH1 a, PUSH1 b, PUSH1 c, SHL, SUB, and z is the word b * 2^c - a.
 * Assumes: nothing; the facts that it asks for are those of the five rows.
 * Enforces: the five symbols; z by the facts of three PUSH1, of SHL and of SUB.
 * Sound because: a symbol below 512 is an instruction, so the row may execute these five from pc on, none of which jumps, and
 *   the row has as much room on its stack as they need.
 * Cost: 60 gates.
 */
import type { Builder } from "../../../builder/builder.ts";
import { sum } from "../../../builder/arithmetic.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { PushedMaskEntry } from "../../../../protocol/evm/plan/code/pushedMasks.ts";
import { PUSHED_MASK } from "../../../../protocol/evm/pushedMask.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";

export interface PushedMaskServices {
  readonly facts: Facts;
  readonly symbols: Rom<Wire>;
}

export function pushedMaskChip(
  b: Builder,
  services: PushedMaskServices,
  count: number,
  entry: (i: number) => PushedMaskEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`pushedMask[${i}]`, () => pushedMask(b, services, i, () => entry(i)));
}

function pushedMask(
  b: Builder,
  { facts, symbols }: PushedMaskServices,
  i: number,
  entry: () => PushedMaskEntry | undefined,
): void {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const pc = witnessBits(b, 20, "pc", () => BigInt(entry()?.pc ?? 0));
  const places = PUSHED_MASK.map(({ op, at }, k) => {
    const place = at === 0 ? pc : sum(b, [[1n, pc]], BigInt(at), `at[${k}]`); // prettier-ignore
    const symbol = symbols.read(b, place, `symbol[${k}]`);
    b.assertZero([[1n, active, symbol]], [[-BigInt(op), active]], 0n, `symbol[${k}].isOpcode`); // prettier-ignore
    return symbols.checkedIndex(b, place);
  });
  const pushed = (k: number, name: string): Wire =>
    facts.answer({ op: BigInt(OPCODE.PUSH1!), pc: places[k]! }, name, active);
  const [first, base, shift] = [pushed(0, "first"), pushed(1, "base"), pushed(2, "shift")];
  const shifted = facts.answer({ op: BigInt(OPCODE.SHL!), a: shift, b: base }, "shifted", active);
  const z = facts.answer({ op: BigInt(OPCODE.SUB!), a: shifted, b: first }, "difference", active);
  facts.defineKey("pushedMasks", i, active, { op: BigInt(Tag.PUSH_MASK), pc: places[0]!, z }, "key");
}
