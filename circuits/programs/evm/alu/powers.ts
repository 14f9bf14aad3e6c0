/**
 * EXP by squaring: base^e = (base^(e >> 1))^2, times base where e is odd.
 *
 * Proves: z of a `powers` key (POWER, a, b) is the id of a^b, b not 0; z and y of an `exponentiations` key (EXP, a, b) are the id of
 *   a^b and 50 gas for each significant byte of b (EIP-160).
 * Assumes: the facts of MUL; `byteLength`.
 * Enforces: e = 2 half + bit, half by half; the power of `half` is 1 where half is 0, else what the POWER fact says.
 * Sound because: half < e, so a chain of facts goes down to the exponent 0: no fact can lean on itself.
 * Cost: 75 gates a step, 60 an exponentiation.
 */
import { mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { byteLength } from "../../../gadgets/alu/byteLength.ts";
import type { BytePowers } from "../../../gadgets/alu/bytePowers.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { ExponentiationEntry, PowerEntry } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { witnessIds } from "./coreChips.ts";

const HALF = 1n << 128n;
const EXP_BYTE_GAS = 50n;
const MUL = BigInt(OPCODE.MUL!);

export function powerChip(
  b: Builder,
  facts: Facts,
  count: number,
  entry: (i: number) => PowerEntry | undefined,
): void {
  for (let i = 0; i < count; i++) b.scope(`powers[${i}]`, () => powerStep(b, facts, i, () => entry(i)));
}

function powerStep(b: Builder, facts: Facts, i: number, entry: () => PowerEntry | undefined): void {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const id = (name: "base" | "exponent" | "half"): Wire =>
    witnessBits(b, 20, name, () => BigInt(entry()?.[name] ?? 0));
  const [base, exponent, half] = [id("base"), id("exponent"), id("half")];
  const [e, h] = [facts.word(exponent, "exponentWord"), facts.word(half, "halfWord")];
  const odd = witnessBool(b, "isOdd", () => b.value(e.lo) & 1n);
  const carry = witnessBool(b, "carry", () => b.value(h.lo) >> 127n);
  b.assertZero([], [[1n, e.lo], [-2n, h.lo], [-1n, odd], [HALF, carry]], 0n, "half.lo"); // prettier-ignore
  b.assertZero([], [[1n, e.hi], [-2n, h.hi], [-1n, carry]], 0n, "half.hi"); // prettier-ignore
  b.assertZero([[1n, active, isZeroWord(b, e, "isZero")]], [], 0n, "exponent.notZero");
  const root = powerOf(
    b,
    facts,
    { base, exponent: half, isZero: isZeroWord(b, h, "half.isZero") },
    active,
    "root",
  );
  const square = facts.answer({ op: MUL, a: root, b: root }, "square", active);
  const multiplies = and(b, active, odd, "multiplies");
  const product = facts.answer({ op: MUL, a: square, b: base }, "product", multiplies);
  const z = mux(b, multiplies, product, square, "z");
  facts.defineKey("powers", i, active, { op: BigInt(Tag.POWER), a: base, b: exponent, z }, "key");
}

/** Id of base^exponent. */
function powerOf(
  b: Builder,
  facts: Facts,
  { base, exponent, isZero }: { base: Wire; exponent: Wire; isZero: Bool },
  active: Bool,
  name: string,
): Wire {
  const asks = and(b, active, not(b, isZero, `${name}.isNotOne`), `${name}.asks`);
  const power = facts.answer({ op: BigInt(Tag.POWER), a: base, b: exponent }, `${name}.power`, asks);
  return mux(b, isZero, b.one, power, name);
}

export function exponentiationChip(
  b: Builder,
  facts: Facts,
  powers: BytePowers,
  count: number,
  entry: (i: number) => ExponentiationEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`exponentiations[${i}]`, () => {
      const active = witnessBool(b, "active", () => entry(i) !== undefined);
      const ids = witnessIds(b, () => entry(i));
      const exponent = facts.word(ids.b, "exponent");
      const bytes = byteLength(b, powers, exponent, "bytes");
      const isZero = isZeroWord(b, exponent, "isZero");
      const z = powerOf(b, facts, { base: ids.a, exponent: ids.b, isZero }, active, "result");
      const y = sum(b, [[EXP_BYTE_GAS, bytes]], 0n, "gas"); // prettier-ignore
      facts.defineKey("exponentiations", i, active, { op: BigInt(OPCODE.EXP!), ...ids, z, y }, "key");
    });
}
