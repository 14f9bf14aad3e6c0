/**
 * AND with a mask 256^k - 1, k in 1..32: cheaper than `bitwiseCore` and enough for unsigned types.
 *
 * Enforces, where active, the mask: 2^128 - 1 and P - 1 as its lower and upper half (k > 16), or P - 1 and 0, with P the power
 *   256^(16 - skipped) and U = 256^skipped; the half it cuts, v: v U - low U = high 2^128, low U < 2^128, low < 2^128, high < 2^120.
 * Sound because: U <= 2^120, so all is below 2^249 and holds over the integers: v - low = high P and low < P, unique. P is fixed by
 *   P U = 2^128 in the field. Where inactive, the entry cuts v somewhere, which binds nothing.
 * Cost: 39 gates.
 */
import { combine, mul, mux } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import {
  assertBits,
  assertFitsWord,
  promiseBits,
  witnessBits,
  witnessBool,
  witnessU128,
} from "../../builder/ranges.ts";
import type { Bool, U128, Wire } from "../../builder/wire.ts";
import { byteLengthOf } from "../../../protocol/evm/arithmetic.ts";
import type { BytePowers } from "./bytePowers.ts";
import { type Choose, type Core, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";
import type { MaskOperands } from "./lowBitsCore.ts";
import { valueOfWord } from "./words.ts";

export function maskCore(
  b: Builder,
  powers: BytePowers,
  { x, mask, choose }: MaskOperands & { readonly choose: Choose<"AND"> },
  name: string,
): Core<"AND"> {
  return b.scope(name, () => {
    for (const word of [x, mask]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, ["AND"], choose);
    const bytes = (): number => Math.max(1, byteLengthOf(valueOfWord(b, mask)));
    const upper = witnessBool(b, "upper", () => bytes() > 16);
    const skipped = witnessBits(b, 4, "skipped", () => BigInt((32 - bytes()) % 16));
    const up = powers.read(b, skipped, "up");
    const power = b.witness("power", () => (b.value(up) === 0n ? 0n : HALF / b.value(up)));
    b.assertZero([[1n, power, up]], [], -HALF, "power.inverse");
    assertMask(b, choice.active, mask, { upper, power });

    const v = mux(b, upper, x.hi, x.lo, "v");
    const low = lowPart(b, v, { up, power });
    return { ...choice, result: { hi: kept(b, upper, low, "hi"), lo: mux(b, upper, x.lo, low, "lo") } };
  });
}

/** Where active: the mask is power - 1 in the half it cuts, full below, 0 above. Cost: 6 gates. */
function assertMask(
  b: Builder,
  active: Bool,
  mask: MaskOperands["mask"],
  { upper, power }: { readonly upper: Bool; readonly power: Wire },
): void {
  const cut = combine(b, [[1n, upper, power]], [[-1n, upper]], 0n, "mask.expectedHi"); // prettier-ignore
  // power - 1, and 2^128 - power more where `upper`.
  const lo = combine(b, [], [[1n, power], [-1n, cut], [HALF - 1n, upper]], -1n, "mask.expectedLo"); // prettier-ignore
  b.assertZero([[1n, active, mask.hi], [-1n, active, cut]], [], 0n, "mask.hi"); // prettier-ignore
  b.assertZero([[1n, active, mask.lo], [-1n, active, lo]], [], 0n, "mask.lo"); // prettier-ignore
}

/** v modulo `power`. Cost: 21 gates. */
function lowPart(b: Builder, v: U128, { up, power }: { readonly up: Wire; readonly power: Wire }): U128 {
  const size = (): bigint => b.value(power) || 1n;
  const low = witnessU128(b, "cut.low", () => b.value(v) % size());
  const high = witnessBits(b, 120, "cut.high", () => b.value(v) / size());
  const moved = mul(b, low, up, "cut.moved");
  assertBits(b, moved, 128, "cut.moved");
  b.assertZero([[1n, v, up]], [[-1n, moved], [-HALF, high]], 0n, "cut.split"); // prettier-ignore
  return low;
}

/** condition ? half : 0. Cost: 1 gate. */
const kept = (b: Builder, condition: Bool, half: U128, name: string): U128 =>
  promiseBits(b, mul(b, condition, half, name), 128, name);
