import type { Primitives } from "../primitives.ts";

/** A contract that is part of the protocol. */
export type Precompile = {
  /** May be more than any gas there is. */
  readonly gas: (input: Uint8Array) => bigint;
  /** Called when the gas is paid. Undefined: the input is refused, and all gas is lost. */
  readonly run: (input: Uint8Array, primitives: Primitives) => Uint8Array | undefined;
};

/** `base` and `word` for every word begun. */
export const gasPerWord =
  (base: bigint, word: bigint): Precompile["gas"] =>
  (input) =>
    base + word * BigInt(Math.ceil(input.length / 32));
