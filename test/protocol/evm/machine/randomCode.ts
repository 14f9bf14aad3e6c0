import { OPCODES } from "../../../../protocol/evm/opcodes.ts";
import type { Random } from "../../../agents/execution/random.ts";
import { assemble, type Item, storeCode } from "./assembler.ts";

/** Addresses that random code calls, looks at and pays. */
export type Neighbours = readonly bigint[];

/** Rather rare: they end the frame, or need more than random operands to mean something. */
const APART = new Set(
  ["STOP", "RETURN", "REVERT", "SELFDESTRUCT", "JUMP", "JUMPI", "JUMPDEST", "CREATE", "CREATE2"].concat([
    "CALL",
    "CALLCODE",
    "DELEGATECALL",
    "STATICCALL",
  ]),
);
const PLAIN = OPCODES.filter((opcode) => opcode !== undefined).filter(({ name }) => !APART.has(name));
const LOOKS = ["BALANCE", "EXTCODESIZE", "EXTCODEHASH", "EXTCODECOPY"];
const CALLS = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"];
/** All but REVERT, of which the oracle may die (fuzz.test.ts). */
const ANY_BYTES = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0xfd);
/** Operands are offsets and lengths. */
const AT_MEMORY = /^(MLOAD|MSTORE8?|MCOPY|KECCAK256|LOG\d|.*COPY)$/;

/** Code of opcodes with operands that they mostly can use: small offsets, known addresses, few slots; and now and then anything. */
export class RandomCode {
  readonly #random: Random;
  readonly #neighbours: Neighbours;

  constructor(random: Random, neighbours: Neighbours) {
    this.#random = random;
    this.#neighbours = neighbours;
  }

  generate(length: number): Uint8Array {
    const items: Item[] = [];
    // Something to read for the first opcodes that take what others have left.
    for (let i = this.#random.below(24); i > 0; i--) items.push(this.#number());
    for (let i = 0; i < length; i++) items.push(...this.#instruction());
    items.push(...this.#keepTop(), ...this.#ending());
    return assemble(...items);
  }

  #instruction(): Item[] {
    const { below, pick } = this.#random;
    const dice = below(100);
    if (dice < 12) return this.#call();
    if (dice < 16) return this.#creation();
    if (dice < 19) return [this.#address(), ...this.#look()];
    if (dice < 21) return this.#branch();
    if (dice < 27) return this.#keepTop();
    if (dice < 28 && below(4) === 0) return this.#ending();
    if (dice < 29 && below(8) === 0) return [Uint8Array.of(pick(ANY_BYTES))];
    const { name, pops } = pick(PLAIN);
    if (name.startsWith("DUP") || name.startsWith("SWAP") || below(6) === 0) return [name];
    const operand = AT_MEMORY.test(name) ? () => this.#offset() : () => this.#number();
    const operands = Array.from({ length: pops }, operand);
    // RETURNDATACOPY is seldom within bounds otherwise.
    if (name === "RETURNDATACOPY" && below(8) > 0) return [below(3) === 0 ? 1 : 0, 0, this.#offset(), name];
    return [...operands, name];
  }

  #look(): Item[] {
    const name = this.#random.pick(LOOKS);
    if (name !== "EXTCODECOPY") return [name];
    return ["POP", this.#offset(), this.#offset(), this.#offset(), this.#address(), name];
  }

  #call(): Item[] {
    const { below, pick } = this.#random;
    const name = pick(CALLS);
    const value = below(5) === 0 ? [pick([1n, 1n, 7n, 2n ** 200n])] : [0];
    const gas = pick<Item>(["GAS", "GAS", "GAS", 0, 2_000, 30_000, 2n ** 256n - 1n]);
    const ranges = [this.#offset(), this.#offset(), this.#offset(), this.#offset()];
    const withValue = name === "CALL" || name === "CALLCODE";
    return [...ranges, ...(withValue ? value : []), this.#address(), gas, name];
  }

  #creation(): Item[] {
    const { below, pick } = this.#random;
    const codes = [
      assemble(below(40), 0, "RETURN"),
      assemble(pick([0xef, 0xef, 0x60]), 0, "MSTORE8", 1 + below(2), 0, "RETURN"),
      assemble(1, below(3), "SSTORE", 0, below(3), "SSTORE", "CALLER", "SELFDESTRUCT"),
      assemble(below(60), 0, "REVERT"),
      assemble("ADDRESS", "SELFDESTRUCT"),
      // Runtime code that destroys itself: 0x33ff.
      assemble(0x33ff, 0, "MSTORE", 2, 30, "RETURN"),
      assemble("CALLVALUE", 1, "SSTORE", 0, 0, "LOG0"),
      Uint8Array.of(0xfe),
    ];
    const code = pick(codes);
    const [length, value] = [below(6) === 0 ? this.#offset() : code.length, pick([0, 0, 0, 1, 2n ** 100n])];
    const start = storeCode(code);
    return below(2) === 0
      ? [...start, length, 0, value, "CREATE"]
      : [below(2), ...start, length, 0, value, "CREATE2"];
  }

  /** A jump over something, taken or not. */
  #branch(): Item[] {
    const { below } = this.#random;
    const skipped = assemble(this.#number(), "POP");
    // PC is where it stands: PC, PUSH1 n, ADD and the jump are 5 bytes, and the target is a JUMPDEST behind what is skipped.
    const isConditional = below(3) > 0;
    const target: Item[] = ["PC", below(20) === 0 ? 9 : 5 + skipped.length, "ADD"];
    return [...(isConditional ? [below(3), ...target, "JUMPI"] : [...target, "JUMP"]), skipped, "JUMPDEST"];
  }

  /** So that results are seen in the state. */
  #keepTop(): Item[] {
    return [this.#random.below(4), this.#random.below(5) === 0 ? "TSTORE" : "SSTORE"];
  }

  #ending(): Item[] {
    const { below, pick } = this.#random;
    const small = [below(100), below(100)];
    return pick<Item[]>([
      ["STOP"],
      [...small, "RETURN"],
      [...small, "RETURN"],
      [...small, "REVERT"],
      [this.#address(), "SELFDESTRUCT"],
    ]);
  }

  #address(): bigint {
    return this.#random.pick(this.#neighbours);
  }

  #offset(): Item {
    const { below, pick } = this.#random;
    return below(150) === 0
      ? pick([2n ** 32n, 2n ** 64n, 2n ** 255n, 2n ** 256n - 1n])
      : pick([0, 1, 31, 32, 33, below(400)]);
  }

  #number(): Item {
    const { below, pick } = this.#random;
    const dice = below(12);
    if (dice < 5) return below(4);
    if (dice < 7) return below(300);
    if (dice === 7) return this.#address();
    if (dice === 8) return pick([2n ** 255n, 2n ** 256n - 1n, 2n ** 128n, 2n ** 255n - 1n, 2n ** 64n]);
    let word = 0n;
    for (let i = 0; i < 8; i++) word = (word << 32n) | BigInt(below(2 ** 32));
    return dice === 9 ? word : word >> BigInt(below(256));
  }
}
