/** One gadget in a circuit of its own, for tests. */
import { Builder, type Built } from "../../../circuits/builder/builder.ts";
import { constantBits, witnessBits, witnessBytes } from "../../../circuits/builder/ranges.ts";
import type { U8, Wire, Word } from "../../../circuits/builder/wire.ts";
import { ByteStream, Powers256 } from "../../../circuits/gadgets/byteStream.ts";

export interface Gadget<T> extends Built {
  readonly out: T;
  readonly value: (wire: Wire) => bigint;
  readonly word: (word: Word) => bigint;
  readonly bytes: (bytes: readonly Wire[]) => Uint8Array;
}

/** Builds `body`; `b` may be a builder that lies. */
export function buildGadget<T>(body: (b: Builder) => T, b: Builder = new Builder()): Gadget<T> {
  const out = body(b);
  const built = b.finish();
  const value = (wire: Wire): bigint => built.witness[wire.index]!;
  return {
    ...built,
    out,
    value,
    word: ({ hi, lo }) => (value(hi) << 128n) + value(lo),
    bytes: (wires) => Uint8Array.from(wires, (wire) => Number(value(wire))),
  };
}

/** An input of `bits` bits named `name`. */
export const input = <N extends number>(b: Builder, name: string, bits: N, value: bigint) =>
  witnessBits(b, bits, name, () => value);

/** A stream of these bytes and 64 zeros, so that a slice may end at the last. */
export function streamOf(b: Builder, data: Uint8Array, name = "data"): ByteStream {
  const bytes: U8[] = witnessBytes(b, name, data.length, () => data);
  for (let i = 0; i < 64; i++) bytes.push(constantBits(b, 8, 0n));
  return new ByteStream(b, bytes, new Powers256(b, bytes.length), "stream");
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));
