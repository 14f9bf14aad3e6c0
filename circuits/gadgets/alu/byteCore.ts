/**
 * BYTE (index, x): byte `index` of x from the top, 0 beyond the 31st. SIGNEXTEND (index, x): x with the sign of its lowest index + 1
 * bytes; x itself from 31 on.
 *
 * Enforces: capped = the index, 31 where it is more; k = 31 - capped where BYTE, else capped: the byte's place from below,
 *   k = 16 upper + 15 - skipped; in the half v it stands in, with U = 256^skipped and P U = 2^128:
 *   v U = high 2^128 + sign 2^127 + rest7 2^120 + rest, high < 2^120, rest7 < 2^7, rest < 2^120.
 * Sound because: v U < 2^248, so the digits are unique: sign and rest7 are the byte at k, high is what stands above it, and
 *   v - high P is the number up to it. An inactive entry gives 0 in its upper half and extends the lower.
 * Cost: 59 gates.
 */
import { combine, mul, mux, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, promiseBits, witnessBits, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U128, Wire, Word } from "../../builder/wire.ts";
import type { BytePowers } from "./bytePowers.ts";
import { type Choose, type Core, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";
import { smallIndex } from "./smallIndex.ts";

const OPCODES = ["BYTE", "SIGNEXTEND"] as const;
export type ByteOpcode = (typeof OPCODES)[number];

export interface ByteOperands {
  readonly index: Word;
  readonly x: Word;
  readonly choose: Choose<ByteOpcode>;
}

export function byteCore(
  b: Builder,
  powers: BytePowers,
  { index, x, choose }: ByteOperands,
  name: string,
): Core<ByteOpcode> {
  return b.scope(name, () => {
    for (const word of [index, x]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const { BYTE, SIGNEXTEND } = choice.flags;
    const { low, isSmall } = smallIndex(b, index, 5, "index");
    const capped = combine(b, [[1n, isSmall, low]], [[-31n, isSmall]], 31n, "capped"); // prettier-ignore
    const place = (): bigint => (b.value(BYTE) === 1n ? 31n - b.value(capped) : b.value(capped));
    const upper = witnessBool(b, "upper", () => place() >= 16n);
    const skipped = witnessBits(b, 4, "skipped", () => BigInt.asUintN(4, 15n - place()));
    b.assertZero(
      [[2n, BYTE, capped]],
      [[16n, upper], [-1n, skipped], [-1n, capped], [-31n, BYTE]], // prettier-ignore
      15n,
      "place",
    );
    const cut = cutAt(b, mux(b, upper, x.hi, x.lo, "v"), powers.read(b, skipped, "up"));
    const found = mul(b, isSmall, sum(b, [[128n, cut.sign], [1n, cut.rest7]], 0n, "byte"), "found"); // prettier-ignore
    const signs = sum(b, [[HALF - 1n, cut.sign]], 0n, "signs");
    const lo = mux(b, upper, x.lo, cut.extended, "extended.lo");
    const hi = mux(b, upper, cut.extended, promiseBits(b, signs, 128, "signs"), "extended.hi");
    return {
      ...choice,
      result: {
        hi: promiseBits(b, mul(b, SIGNEXTEND, hi, "hi"), 128, "hi"),
        lo: mux(b, BYTE, promiseBits(b, found, 128, "found"), lo, "lo"),
      },
    };
  });
}

interface Cut {
  readonly sign: Bool;
  readonly rest7: Wire;
  /** The half from the byte down, its sign above. */
  readonly extended: U128;
}

function cutAt(b: Builder, v: U128, up: Wire): Cut {
  const moved = (): bigint => b.value(v) * b.value(up);
  const high = witnessBits(b, 120, "cut.high", () => moved() / HALF);
  const sign = witnessBool(b, "cut.sign", () => (moved() >> 127n) & 1n);
  const rest7 = witnessBits(b, 7, "cut.rest7", () => (moved() >> 120n) & 127n);
  const rest = witnessBits(b, 120, "cut.rest", () => BigInt.asUintN(120, moved()));
  b.assertZero(
    [[1n, v, up]],
    [[-HALF, high], [-HALF / 2n, sign], [-HALF / 256n, rest7], [-1n, rest]], // prettier-ignore
    0n,
    "cut.split",
  );
  const power = b.witness("power", () => (b.value(up) === 0n ? 0n : HALF / b.value(up)));
  b.assertZero([[1n, power, up]], [], -HALF, "power.inverse");
  const extended = combine(
    b,
    [[-1n, high, power], [-1n, sign, power]], // prettier-ignore
    [[1n, v], [HALF, sign]], // prettier-ignore
    0n,
    "extended",
  );
  return { sign, rest7, extended: assertBits(b, extended, 128, "extended") };
}
