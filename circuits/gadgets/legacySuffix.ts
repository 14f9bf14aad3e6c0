/**
 * What a legacy transaction signs after its items (EIP-155): its chain id and two empty strings.
 *
 * Proves: the result is the canonical RLP of `chainId`, then 80 80, as an integer with its length in bytes.
 * Assumes: nothing. A chain id of 0 has no answer.
 * Enforces: one-hot number of bytes, chainId < 256^bytes and chainId >= 256^(bytes - 1); alone below 128, with a head from 128 on.
 * Parameters: none.
 * Sound because: the two bounds leave one number of bytes, and `isSmall` has one value by the sign of chainId - 128.
 * Cost: 40 gates, once a circuit.
 */
import { combine, sum } from "../builder/arithmetic.ts";
import { not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, assertFits, witnessBool } from "../builder/ranges.ts";
import type { U64, Wire } from "../builder/wire.ts";

/** RLP of the chain id followed by two empty strings: what a legacy transaction signs after its items. */
export interface LegacySuffix {
  /** Big endian, below 2^88. */
  readonly value: Wire;
  /** Bytes, 3 to 11. */
  readonly length: Wire;
}

export function legacySuffix(b: Builder, chainId: U64, name: string): LegacySuffix {
  return b.scope(name, () => {
    assertFits(b, chainId, 64, "chainId");
    const size = (): number => Math.ceil(b.value(chainId).toString(2).length / 8);
    const bits = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => witnessBool(b, `size[${n}]`, () => size() === n));
    b.assertZero([], bits.map((bit) => [1n, bit] as const), -1n, "size.one"); // prettier-ignore
    const bytes = sum(b, bits.map((bit, i) => [BigInt(i + 1), bit] as const), 0n, "bytes"); // prettier-ignore
    // chainId <= 256^bytes - 1, and chainId >= 256^(bytes - 1).
    const above = (k: (i: number) => bigint) => bits.map((bit, i) => [k(i), bit] as const);
    const room = sum(b, [...above((i) => 256n ** BigInt(i + 1) - 1n), [-1n, chainId]], 0n, "room");
    assertBits(b, room, 64, "room");
    const excess = sum(b, [...above((i) => -(256n ** BigInt(i))), [1n, chainId]], 0n, "excess");
    assertBits(b, excess, 64, "excess");
    const isSmall = witnessBool(b, "isSmall", () => b.value(chainId) < 128n);
    // 127 - chainId if small, chainId - 128 if not.
    const gap = combine(b, [[-2n, isSmall, chainId]], [[255n, isSmall], [1n, chainId]], -128n, "gap"); // prettier-ignore
    assertBits(b, gap, 64, "gap");
    const large = not(b, isSmall, "isLarge");
    const weight = sum(b, above((i) => 256n ** BigInt(i + 1)), 0n, "weight"); // prettier-ignore
    const head = combine(b, [[1n, bytes, weight]], [[0x80n, weight]], 0n, "head");
    const rlp = combine(b, [[1n, large, head]], [[1n, chainId]], 0n, "rlp");
    return {
      value: sum(b, [[1n << 16n, rlp]], 0x8080n, "value"),
      length: sum(b, [[1n, bytes], [1n, large]], 2n, "length"), // prettier-ignore
    };
  });
}
