import { ProvingError } from "../errors.ts";

const FIELD_BYTES = 32;

/** Reads bb's files of field elements: 32 bytes each, big endian. Throws BB_OUTPUT_MALFORMED. */
export function bytesToFields(bytes: Uint8Array, command: string): bigint[] {
  if (bytes.length % FIELD_BYTES !== 0)
    throw new ProvingError({
      code: "BB_OUTPUT_MALFORMED",
      command,
      reason: `${bytes.length} bytes are not whole fields`,
    });
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return Array.from({ length: bytes.length / FIELD_BYTES }, (_, i) =>
    BigInt(`0x${hex.slice(i * 64, i * 64 + 64)}`),
  );
}
