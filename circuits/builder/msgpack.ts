/** The part of MessagePack that ACIR needs, into one growing buffer. */
import { writeField } from "../../protocol/field.ts";

export class MsgpackWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written; a view, valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Bytes as they are: a type tag, or a piece encoded before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  uint(value: number): void {
    this.#reserve(5);
    if (value < 0x80) this.#put8(value);
    else if (value < 0x100) this.#put8(0xcc).#put8(value);
    else if (value < 0x10000) this.#put8(0xcd).#put16(value);
    else this.#put8(0xce).#put32(value);
  }

  array(length: number): void {
    this.#reserve(5);
    if (length < 16) this.#put8(0x90 | length);
    else if (length < 0x10000) this.#put8(0xdc).#put16(length);
    else this.#put8(0xdd).#put32(length);
  }

  map32(length: number): void {
    this.#reserve(5);
    this.#put8(0xdf);
    this.#put32(length);
  }

  boolean(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  /** ASCII, at most 255 characters. */
  text(value: string): void {
    this.#reserve(value.length + 2);
    if (value.length < 32) this.#put8(0xa0 | value.length);
    else this.#put8(0xd9).#put8(value.length);
    for (let i = 0; i < value.length; i++) this.#put8(value.charCodeAt(i));
  }

  /** A field element: 32 bytes of binary, big endian. */
  field(value: bigint): void {
    this.#reserve(34);
    this.#put8(0xc4);
    this.#put8(32);
    if (value <= Number.MAX_SAFE_INTEGER) this.#putSmallField(Number(value));
    else writeField(this.#view, this.#length, value);
    this.#length += 32;
  }

  /** Most witness values are small: splitting a number is several times faster than shifting a bigint. */
  #putSmallField(value: number): void {
    this.#bytes.fill(0, this.#length, this.#length + 24);
    this.#view.setUint32(this.#length + 24, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(this.#length + 28, value >>> 0);
  }

  #put8(value: number): this {
    this.#bytes[this.#length++] = value;
    return this;
  }
  #put16(value: number): void {
    this.#view.setUint16(this.#length, value);
    this.#length += 2;
  }
  #put32(value: number): void {
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
