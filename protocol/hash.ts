/**
 * The hashes of the protocol: one sponge over Poseidon2, for lists of field elements and for bytes.
 *
 *   state = [0, 0, 0, domain * 2^64 + length]; inputs are added three at a time to state[0..2] (the last group padded with
 *   zeros), a permutation after each group (one when there is no input); the hash is state[0].
 *
 * `length` counts elements in `hash` and bytes in `hashBytes`; with the domain it makes the padding unambiguous.
 */
import { Domain } from "./domains.ts";
import type { Field } from "./field.ts";
import { assertField, writeField } from "./field.ts";
import { sponge, spongeMany } from "./poseidon2/permute.ts";

/** Bytes in one element of `hashBytes`: the most that always fit the field. */
export const PACKED_BYTES = 31;

/** The capacity element: what is hashed, and how much of it. */
export const spongeTag = (domain: Domain, length: number): Field => (BigInt(domain) << 64n) + BigInt(length);

/** Throws `FIELD_OUT_OF_RANGE` for an input that is not reduced. */
export function hash(domain: Domain, inputs: readonly Field[]): Field {
  return sponge(spongeTag(domain, inputs.length), inputs.length, (view, offset, i) =>
    writeField(view, offset, assertField(inputs[i] as Field)),
  );
}

/** Bytes packed 31 to an element, big endian, the last group padded on the right with zeros. */
export function hashBytes(data: Uint8Array): Field {
  const count = Math.ceil(data.length / PACKED_BYTES);
  return sponge(spongeTag(Domain.BYTES, data.length), count, (view, offset, i) => {
    const element = new Uint8Array(view.buffer, offset, PACKED_BYTES + 1).fill(0);
    element.set(data.subarray(i * PACKED_BYTES, (i + 1) * PACKED_BYTES), 1);
  });
}

/**
 * `hash(domain, item)` of many items of `width` elements, in bytes: 32 canonical bytes an element in, 32 an item out.
 * Assumes canonical elements; `inputs.length` is a multiple of `32 * width`.
 */
export const hashMany = (domain: Domain, width: number, inputs: Uint8Array): Uint8Array =>
  spongeMany(spongeTag(domain, width), width, inputs);
