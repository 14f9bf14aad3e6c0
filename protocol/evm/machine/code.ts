import { EMPTY_CODE_HASH } from "../../state/code.ts";
import { pushBytes } from "../opcodes.ts";
import { bytesToUint, paddedSlice } from "./word.ts";

const JUMPDEST = 0x5b;

/** Code with what a run needs to know of it, worked out once and only when asked. */
export class Code {
  readonly bytes: Uint8Array;
  readonly hash: bigint;
  #jumpDestinations: Uint8Array | undefined;
  #operands: (bigint | undefined)[] | undefined;

  /** Assumes `hash` is the keccak256 of `bytes`; creations in a run that is not recorded pass 0, nothing asks for it there. */
  constructor(bytes: Uint8Array, hash: bigint) {
    this.bytes = bytes;
    this.hash = hash;
  }

  /** A JUMPDEST that is not the operand of a PUSH (yellow paper 9.4.3). */
  isJumpDestination(target: bigint): boolean {
    if (target >= BigInt(this.bytes.length)) return false;
    this.#jumpDestinations ??= jumpDestinations(this.bytes);
    return this.#jumpDestinations[Number(target)] === 1;
  }

  /** Operand of the PUSH of `length` bytes that starts at `offset`; zeros beyond the end of the code. */
  operand(offset: number, length: number): bigint {
    this.#operands ??= new Array<bigint | undefined>(this.bytes.length);
    return (this.#operands[offset] ??= bytesToUint(paddedSlice(this.bytes, offset, length)));
  }
}

export const NO_CODE_AT_ALL = new Code(new Uint8Array(), EMPTY_CODE_HASH);

function jumpDestinations(code: Uint8Array): Uint8Array {
  const marks = new Uint8Array(code.length);
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] as number;
    if (opcode === JUMPDEST) marks[pc] = 1;
    pc += pushBytes(opcode);
  }
  return marks;
}
