/**
 * Where published data is, and what it is: enough to fetch it from its DA layer and to refuse anything else.
 *
 * Layout, big endian: version u8 = 1 | layer u8 | payload | keccak256(data) 32 | length u32
 * `data` are the published (compressed) bytes; the payload, of a length that its layer defines, is what is left between.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { ByteReader, ByteWriter, concatBytes, equalBytes } from "../bytes.ts";
import { StackError } from "../errors.ts";

/** Layer bytes of OP alt-DA commitments; LOCAL is ours, a content-addressed store that needs no payload. */
export const DaLayer = { EIGENDA: 0x00, AVAIL: 0x0a, CELESTIA: 0x0c, LOCAL: 0xff } as const;

export type DaPointer = {
  readonly layer: number;
  readonly payload: Uint8Array;
  /** keccak256 of the published bytes. */
  readonly contentHash: Uint8Array;
  /** Published bytes. */
  readonly length: number;
};

export type PointerError =
  | { code: "POINTER_VERSION"; expected: number; actual: number }
  | { code: "POINTER_LENGTH"; minBytes: number; maxBytes: number; actual: number }
  | { code: "POINTER_CONTENT_HASH_LENGTH"; expected: number; actual: number };

const fail = (type: PointerError): never => {
  throw new StackError(type, "fatal");
};

const VERSION = 1;
const HASH_BYTES = 32;
const FIXED_BYTES = 1 + 1 + HASH_BYTES + 4;
/** Four times Celestia's, the longest payload in use. */
const MAX_PAYLOAD_BYTES = 192;
const MAX_BYTES = FIXED_BYTES + MAX_PAYLOAD_BYTES;

/** The pointer of data in the local store. */
export const localPointer = (data: Uint8Array): DaPointer => ({
  layer: DaLayer.LOCAL,
  payload: new Uint8Array(0),
  contentHash: keccak_256(data),
  length: data.length,
});

/** Throws `POINTER_CONTENT_HASH_LENGTH`, `POINTER_LENGTH`, `INTEGER_OUT_OF_RANGE`. */
export function encodePointer({ layer, payload, contentHash, length }: DaPointer): Uint8Array {
  if (contentHash.length !== HASH_BYTES)
    fail({ code: "POINTER_CONTENT_HASH_LENGTH", expected: HASH_BYTES, actual: contentHash.length });
  const writer = new ByteWriter().u8(VERSION).u8(layer).bytes(payload).bytes(contentHash).u32(length);
  return assertLength(writer.finish());
}

/** Throws `POINTER_LENGTH`, `POINTER_VERSION`. */
export function decodePointer(bytes: Uint8Array): DaPointer {
  const reader = new ByteReader(assertLength(bytes));
  const version = reader.u8();
  if (version !== VERSION) fail({ code: "POINTER_VERSION", expected: VERSION, actual: version });
  return {
    layer: reader.u8(),
    payload: reader.bytes(bytes.length - FIXED_BYTES),
    contentHash: reader.bytes(HASH_BYTES),
    length: reader.u32(),
  };
}

/** Are these the bytes that the pointer was made for? */
export const isContentOf = (pointer: DaPointer, data: Uint8Array): boolean =>
  data.length === pointer.length && equalBytes(keccak_256(data), pointer.contentHash);

/** The commitment that an OP alt-DA server takes for this pointer: `00 | keccak256` or `01 | layer | payload`. */
export const altDaCommitment = ({ layer, payload, contentHash }: DaPointer): Uint8Array =>
  layer === DaLayer.LOCAL
    ? concatBytes([Uint8Array.of(0x00), contentHash])
    : concatBytes([Uint8Array.of(0x01, layer), payload]);

function assertLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length < FIXED_BYTES || bytes.length > MAX_BYTES)
    fail({ code: "POINTER_LENGTH", minBytes: FIXED_BYTES, maxBytes: MAX_BYTES, actual: bytes.length });
  return bytes;
}
