/**
 * What an account's leaf says of its code: the EVM's hash, the size, and a commitment that a circuit reads cheaply.
 *
 * The commitment is over the code after jump analysis, so that a circuit which loads code need not analyse it again:
 * each byte becomes a symbol of 9 bits, `byte + 256 * isPushData`; 28 symbols, big endian, make a field element, three elements
 * a row; the sponge of hash.ts over the rows with the length in bytes and the domain CODE. The last row is filled with zeros,
 * analysed as if they were code: those that a last PUSH still lacks are PUSH data.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { readField, writeField } from "../field.ts";
import { spongeTag } from "../hash.ts";
import { sponge } from "../poseidon2/permute.ts";

export type CodeIdentity = {
  /** keccak256, as an integer of 256 bits. */
  readonly codeHash: bigint;
  /** Bytes. */
  readonly codeSize: bigint;
  readonly codeCommitment: Field;
};

/** keccak256 of no bytes. */
export const EMPTY_CODE_HASH = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470n;

/** The identity of an account without code. */
export const NO_CODE: CodeIdentity = { codeHash: EMPTY_CODE_HASH, codeSize: 0n, codeCommitment: 0n };

const SYMBOL_BITS = 9n;
const SYMBOLS = 28;
const ROW_ELEMENTS = 3;
const PUSH_DATA = 256;

export function codeIdentity(code: Uint8Array): CodeIdentity {
  if (code.length === 0) return NO_CODE;
  return {
    codeHash: codeHashOf(code),
    codeSize: BigInt(code.length),
    codeCommitment: codeCommitment(code),
  };
}

/** keccak256, as an integer. */
export function codeHashOf(code: Uint8Array): bigint {
  const digest = keccak_256(code);
  return readField(new DataView(digest.buffer, digest.byteOffset), 0);
}

/** The commitment to jump-analysed code; 0 for no code. */
export function codeCommitment(code: Uint8Array): Field {
  if (code.length === 0) return 0n;
  const count = ROW_ELEMENTS * Math.ceil(code.length / (ROW_ELEMENTS * SYMBOLS));
  const isPushData = isPushDataOf(code, count * SYMBOLS);
  return sponge(spongeTag(Domain.CODE, code.length), count, (view, offset, group) => {
    let element = 0n;
    for (let i = group * SYMBOLS; i < (group + 1) * SYMBOLS; i++)
      element = (element << SYMBOL_BITS) | BigInt((code[i] ?? 0) + (isPushData[i] === 1 ? PUSH_DATA : 0));
    writeField(view, offset, element);
  });
}

/** 1 for each byte that is the operand of a PUSH instruction, where no jump may land; of the code and zeros up to `length`. */
export function isPushDataOf(code: Uint8Array, length: number = code.length): Uint8Array {
  const [PUSH1, PUSH32] = [0x60, 0x7f];
  const marks = new Uint8Array(length);
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] as number;
    if (opcode < PUSH1 || opcode > PUSH32) continue;
    const operand = opcode - PUSH1 + 1;
    marks.fill(1, pc + 1, pc + 1 + operand);
    pc += operand;
  }
  return marks;
}
