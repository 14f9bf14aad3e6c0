/**
 * The base fee of a block from its parent's base fee and gas used (EIP-1559, protocol/block.ts `nextBaseFee`).
 *
 * Proves: result = nextBaseFee({baseFee, gasUsed, gasLimit}), below 2^64.
 * Assumes: nothing; inputs are `U64` (checked when building). A gas limit below 2 has no proof (its target is 0).
 * Enforces: target = floor(limit / 2), the difference to it with its sign, one division with remainder, the steps.
 * Sound because: floor(floor(x / target) / 8) = floor(x / (8 target)); all products stay below 2^132.
 * Cost: 45 gates.
 */
import { combine, isZero, mul, mux, sum } from "../builder/arithmetic.ts";
import { and } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertLess, isLess } from "../builder/compare.ts";
import {
  assertBits,
  assertFits,
  promiseBits,
  witnessBits,
  witnessBool,
  witnessU64,
} from "../builder/ranges.ts";
import type { U64, Wire } from "../builder/wire.ts";
import {
  BASE_FEE_CHANGE_DENOMINATOR,
  ELASTICITY_MULTIPLIER,
  MIN_BASE_FEE,
} from "../../protocol/constants.ts";

export interface FeeParentWires {
  readonly baseFee: U64;
  readonly gasUsed: U64;
  readonly target: U64;
}

/** floor(gasLimit / 2): once a circuit. Cost: 6 gates. */
export function gasTarget(b: Builder, gasLimit: U64, name: string): U64 {
  assertFits(b, gasLimit, 64, name);
  const target = witnessU64(b, name, () => b.value(gasLimit) / ELASTICITY_MULTIPLIER);
  const odd = witnessBool(b, `${name}.odd`, () => b.value(gasLimit) % ELASTICITY_MULTIPLIER);
  b.assertZero([], [[ELASTICITY_MULTIPLIER, target], [1n, odd], [-1n, gasLimit]], 0n, `${name}.halves`); // prettier-ignore
  return target;
}

export function nextBaseFeeOf(b: Builder, { baseFee, gasUsed, target }: FeeParentWires, name: string): U64 {
  return b.scope(name, () => {
    assertFits(b, baseFee, 64, "baseFee");
    const rises = isLess(b, target, gasUsed, 64, "rises");
    const signed = sum(b, [[1n, gasUsed], [-1n, target]], 0n, "signed"); // prettier-ignore
    const difference = combine(b, [[2n, rises, signed]], [[-1n, signed]], 0n, "difference");
    const product = mul(b, baseFee, assertBits(b, difference, 64, "difference"), "product");
    const step = divide(b, product, target);
    // A rise is at least 1 wei.
    const least = and(b, rises, isZero(b, step, "isFlat"), "least");
    const change = combine(b, [[2n, rises, step]], [[-1n, step], [1n, least]], 0n, "change"); // prettier-ignore
    const moved = assertBits(b, sum(b, [[1n, baseFee], [1n, change]], 0n, "moved"), 64, "moved"); // prettier-ignore
    const floor = b.constant(MIN_BASE_FEE);
    const isLow = isLess(b, moved, floor, 64, "isLow");
    return promiseBits(b, mux<Wire>(b, isLow, floor, moved, "result"), 64, "result");
  });
}

/** floor(product / (8 target)). */
function divide(b: Builder, product: Wire, target: U64): Wire {
  const by = BASE_FEE_CHANGE_DENOMINATOR;
  const divisor = sum(b, [[by, target]], 0n, "divisor");
  const split = (): bigint => (b.value(divisor) === 0n ? 0n : b.value(product) / b.value(divisor));
  const step = witnessBits(b, 64, "step", split);
  const remainder = witnessBits(b, 67, "remainder", () => b.value(product) - split() * b.value(divisor));
  b.assertZero([[1n, step, divisor]], [[1n, remainder], [-1n, product]], 0n, "division"); // prettier-ignore
  assertLess(b, remainder, divisor, 67, "remainder.belowDivisor");
  return step;
}
