/** Memory as plain bytes: what the machine must agree with. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { CODE, DATA, EXTERNAL_CODE, EXTERNAL_GAS, FRAMES, wordAt } from "./memoryWorld.ts";

const cost = (words: number): number => 3 * words + Math.floor(words ** 2 / 512);
const WORD = 32;

/** One frame's memory; `run` gives the word an opcode pushes (0 if none) and its gas beyond the static part. */
export class ByteModel {
  readonly #memory = new Uint8Array(WORD * 64);
  readonly #input: () => Uint8Array;
  #words = 0;
  returned: Uint8Array = new Uint8Array();

  constructor(input: () => Uint8Array) {
    this.#input = input;
  }

  /** Bytes of the memory as it is. */
  bytes(offset: number, length: number): Uint8Array {
    return this.#memory.slice(offset, offset + length);
  }

  run(name: string, ...operands: bigint[]): { readonly result: bigint; readonly gas: number } {
    const before = cost(this.#words);
    const { result = 0n, gas = 0 } = this.#execute(name, operands);
    return { result, gas: gas + cost(this.#words) - before };
  }

  #execute(name: string, operands: readonly bigint[]): { result?: bigint; gas?: number } {
    const [a = 0n, b = 0n, c = 0n] = operands;
    switch (name) {
      case "MLOAD":
        this.#touch(a, 32n);
        return { result: wordAt(this.#memory, Number(a)) };
      case "MSTORE":
        this.#put(a, bytesOf(b));
        return {};
      case "MSTORE8":
        this.#put(a, bytesOf(b).slice(31));
        return {};
      case "MSIZE":
        return { result: BigInt(WORD * this.#words) };
      case "RETURNDATASIZE":
        return { result: BigInt(this.returned.length) };
      case "CALLDATALOAD":
        return { result: wordAt(part(this.#input(), a, 32), 0) };
      case "CALLDATACOPY":
        return this.#copy(a, part(this.#input(), b, Number(c)));
      case "CODECOPY":
        return this.#copy(a, part(CODE, b, Number(c)));
      case "RETURNDATACOPY":
        return this.#copy(a, part(this.returned, b, Number(c)));
      case "MCOPY":
        this.#touch(b, c);
        return this.#copy(a, c === 0n ? new Uint8Array() : this.bytes(Number(b), Number(c)));
      case "EXTCODECOPY":
        return {
          gas:
            EXTERNAL_GAS +
            this.#copy(b, part(a === 1n ? EXTERNAL_CODE : new Uint8Array(), c, Number(operands[3]))).gas,
        };
      case "KECCAK256":
        this.#touch(a, b);
        return {
          result: wordAt(keccak_256(this.bytes(Number(a), Number(b))), 0),
          gas: 6 * Math.ceil(Number(b) / WORD),
        };
      default:
        this.#touch(a, b);
        return { gas: 8 * Number(b) };
    }
  }

  #copy(to: bigint, bytes: Uint8Array): { gas: number } {
    this.#put(to, bytes);
    return { gas: 3 * Math.ceil(bytes.length / WORD) };
  }

  #put(offset: bigint, bytes: Uint8Array): void {
    this.#touch(offset, BigInt(bytes.length));
    if (bytes.length > 0) this.#memory.set(bytes, Number(offset));
  }

  #touch(offset: bigint, length: bigint): void {
    if (length > 0n) this.#words = Math.max(this.#words, Number((offset + length + 31n) / 32n));
  }
}

/** The transaction's data, as frame 1 gets it. */
export const transactionData = (): Uint8Array => DATA.slice(0, FRAMES[1]!.inputLength);

/** `length` bytes from `offset`, zeros past the end. */
function part(bytes: Uint8Array, offset: bigint, length: number): Uint8Array {
  const result = new Uint8Array(length);
  if (offset < BigInt(bytes.length)) result.set(bytes.slice(Number(offset), Number(offset) + length));
  return result;
}

const bytesOf = (word: bigint): Uint8Array =>
  Uint8Array.from({ length: WORD }, (_, i) => Number((word >> BigInt(8 * (31 - i))) & 255n));
