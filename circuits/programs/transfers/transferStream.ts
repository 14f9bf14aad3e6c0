/** The transactions' bytes of all blocks, one after another, then the padding transfer and some zeros. */
import type { Builder } from "../../builder/builder.ts";
import { constantBits, witnessBytes } from "../../builder/ranges.ts";
import type { Wire } from "../../builder/wire.ts";
import { ByteStream, type Powers256, SLICE_BYTES } from "../../gadgets/byteStream.ts";
import { PADDING_TRANSFER } from "./paddingTransfer.ts";
import { streamBytes, type TransfersParameters } from "./parameters.ts";

/** Zeros at the end: a slice may look at what would follow the last byte. */
const SLACK = 2 * SLICE_BYTES;

export const streamLength = (parameters: TransfersParameters): number =>
  streamBytes(parameters) + PADDING_TRANSFER.length + SLACK;

export interface TransferStream {
  readonly stream: ByteStream;
  /** Where the padding transfer is. */
  readonly padding: Wire;
}

export function transferStream(
  b: Builder,
  parameters: TransfersParameters,
  powers: Powers256,
  bytes: () => Uint8Array,
): TransferStream {
  const capacity = streamBytes(parameters);
  const wires = witnessBytes(b, "byte", capacity, bytes);
  const constants = [...PADDING_TRANSFER, ...new Uint8Array(SLACK)].map((byte) =>
    constantBits(b, 8, BigInt(byte)),
  );
  return {
    stream: new ByteStream(b, [...wires, ...constants], powers, "stream"),
    padding: b.constant(BigInt(capacity)),
  };
}
