/**
 * The protocol's hash over field elements (`protocol/hash.ts`).
 *
 * Proves: result = hash(domain, inputs).
 * Assumes: nothing; inputs are raw fields.
 * Enforces: the permutations of the sponge, its capacity set to domain * 2^64 + inputs.length.
 * Parameters: the number of inputs, fixed when building.
 * Sound because: the permutation is a black box of the proof system; everything else is linear.
 * Cost: 73 gates for each 3 inputs, and 1 for each input after the third.
 */
import { add } from "../builder/arithmetic.ts";
import { poseidon2Permutation } from "../builder/blackBoxes.ts";
import type { Builder } from "../builder/builder.ts";
import type { Wire } from "../builder/wire.ts";

/** The sponge's state before anything is absorbed. */
export const spongeStart = (b: Builder, domain: number, length: number): Wire[] => [
  b.zero,
  b.zero,
  b.zero,
  b.constant((BigInt(domain) << 64n) + BigInt(length)),
];

export function hashFields(b: Builder, domain: number, inputs: readonly Wire[], name: string): Wire {
  return b.scope(name, () => {
    let state = spongeStart(b, domain, inputs.length);
    const groups = Math.max(1, Math.ceil(inputs.length / 3));
    for (let group = 0; group < groups; group++) {
      const absorbed = state.map((lane, i) => {
        const input = i < 3 ? inputs[3 * group + i] : undefined;
        if (input === undefined) return lane;
        return group === 0 ? input : add(b, lane, input, `absorb[${3 * group + i}]`);
      });
      state = poseidon2Permutation(b, absorbed, `permutation[${group}]`);
    }
    return state[0]!;
  });
}
