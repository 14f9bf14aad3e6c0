/** Fixed-width big-endian integers and length-checked slices: what every binary codec of the protocol is made of. */
import { StackError } from "./errors.ts";

export type BytesError =
  | { code: "BYTES_TRUNCATED"; offset: number; needed: number; available: number }
  | { code: "BYTES_TRAILING"; offset: number; trailing: number }
  | { code: "INTEGER_OUT_OF_RANGE"; value: bigint; bits: number };

const fail = (type: BytesError): never => {
  throw new StackError(type, "fatal");
};

/** Throws `INTEGER_OUT_OF_RANGE` unless `0 <= value < 2^bits`. */
export function assertUint(value: bigint, bits: number): bigint {
  return value >= 0n && value >> BigInt(bits) === 0n
    ? value
    : fail({ code: "INTEGER_OUT_OF_RANGE", value, bits });
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Appends; `finish` returns all of it. Throws `INTEGER_OUT_OF_RANGE` for a value that does not fit. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  uint(value: bigint | number, bytes: number): this {
    let rest = assertUint(BigInt(value), bytes * 8);
    const part = new Uint8Array(bytes);
    for (let i = bytes - 1; i >= 0; i--, rest >>= 8n) part[i] = Number(rest & 0xffn);
    return this.bytes(part);
  }

  u8 = (value: number): this => this.uint(value, 1);
  u32 = (value: number): this => this.uint(value, 4);
  u64 = (value: bigint): this => this.uint(value, 8);

  bytes(part: Uint8Array): this {
    this.#parts.push(part);
    return this;
  }

  finish(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

/** Reads from the front. Throws `BYTES_TRUNCATED`; `end` throws `BYTES_TRAILING`. */
export class ByteReader {
  readonly #data: Uint8Array;
  #offset = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get offset(): number {
    return this.#offset;
  }

  get available(): number {
    return this.#data.length - this.#offset;
  }

  /** A copy, so that the result does not keep a whole batch in memory. */
  bytes(length: number): Uint8Array {
    if (length > this.available)
      fail({ code: "BYTES_TRUNCATED", offset: this.#offset, needed: length, available: this.available });
    return this.#data.slice(this.#offset, (this.#offset += length));
  }

  uint(bytes: number): bigint {
    return this.bytes(bytes).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  u8 = (): number => Number(this.uint(1));
  u32 = (): number => Number(this.uint(4));
  u64 = (): bigint => this.uint(8);

  end(): void {
    if (this.available !== 0)
      fail({ code: "BYTES_TRAILING", offset: this.#offset, trailing: this.available });
  }
}
