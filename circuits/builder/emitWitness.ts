/** The witness file: gzip(0x03 || msgpack [[[0, {wire: 32 bytes big endian}]]]), wires ascending. */
import { gzipSync } from "node:zlib";
import { MsgpackWriter } from "./msgpack.ts";

const GZIP_LEVEL = 1;
/** Map entry: at most 5 bytes of key, 34 of value. */
const ENTRY_BYTES = 39;

/** Assumes every value is in [0, p). */
export function emitWitness(witness: readonly bigint[]): Uint8Array {
  const out = new MsgpackWriter(16 + witness.length * ENTRY_BYTES);
  out.byte(3);
  out.array(1);
  out.array(1);
  out.array(2);
  out.uint(0);
  out.map32(witness.length);
  witness.forEach((value, wire) => {
    out.uint(wire);
    out.field(value);
  });
  return gzipSync(out.bytes, { level: GZIP_LEVEL });
}
