/** Words of 256 bits, and bytes of data that reads as zero beyond its end. */

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

export const WORD_BYTES = 32;

export const toUint256 = (value: bigint): bigint => BigInt.asUintN(256, value);
export const toInt256 = (word: bigint): bigint => BigInt.asIntN(256, word);
export const toAddress = (word: bigint): bigint => BigInt.asUintN(160, word);

/** The word at `offset`. Assumes 32 bytes are there. */
export const wordAt = (view: DataView, offset: number): bigint =>
  (view.getBigUint64(offset) << 192n) |
  (view.getBigUint64(offset + 8) << 128n) |
  (view.getBigUint64(offset + 16) << 64n) |
  view.getBigUint64(offset + 24);

/** Assumes 32 bytes are there and the word has at most 256 bits. */
export function putWord(view: DataView, offset: number, word: bigint): void {
  view.setBigUint64(offset, word >> 192n);
  // The setter keeps the low 64 bits.
  view.setBigUint64(offset + 8, word >> 128n);
  view.setBigUint64(offset + 16, word >> 64n);
  view.setBigUint64(offset + 24, word);
}

export const viewOf = (data: Uint8Array): DataView =>
  new DataView(data.buffer, data.byteOffset, data.byteLength);

/** The bytes as an unsigned integer, big endian; no bytes are 0. */
export function bytesToUint(data: Uint8Array): bigint {
  if (data.length === WORD_BYTES) return wordAt(viewOf(data), 0);
  if (data.length <= 6) return BigInt(data.reduce((value, byte) => value * 256 + byte, 0));
  return BigInt(`0x${bytesToHex(data)}`);
}

/** `length` bytes, big endian. Assumes it fits. */
export const uintToBytes = (value: bigint, length: number): Uint8Array =>
  length === 0 ? new Uint8Array() : hexToBytes(value.toString(16).padStart(2 * length, "0"));

export function wordToBytes(word: bigint): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES);
  putWord(viewOf(bytes), 0, word);
  return bytes;
}

/** A copy of `length` bytes from `offset` on, zeros beyond the end. */
export function paddedSlice(data: Uint8Array, offset: number, length: number): Uint8Array {
  const part = data.subarray(Math.min(offset, data.length), Math.min(offset + length, data.length));
  const out = new Uint8Array(length);
  out.set(part);
  return out;
}

/** The word at `offset`, zeros beyond the end. */
export function paddedWord(data: Uint8Array, offset: bigint): bigint {
  if (offset >= BigInt(data.length)) return 0n;
  const start = Number(offset);
  if (start + WORD_BYTES <= data.length) return wordAt(viewOf(data), start);
  return bytesToUint(paddedSlice(data, start, WORD_BYTES));
}
