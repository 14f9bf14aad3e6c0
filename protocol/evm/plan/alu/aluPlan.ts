/** Facts of arithmetic: which chip proves an opcode, and the entries. */
import { ARITHMETIC, byteLengthOf } from "../../arithmetic.ts";
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";
import type { FactBook } from "../factBook.ts";
import type { Answer, RowMachine } from "../rowMachine.ts";

/** Chips whose entries are an opcode on two words, proven from the words themselves. */
export const CORE_CHIPS = {
  sums: ["ADD", "SUB"],
  compares: ["LT", "GT", "EQ", "ISZERO"],
  signedCompares: ["SLT", "SGT"],
  bitwise: ["AND", "OR", "XOR", "NOT"],
  products: ["MUL", "SHL"],
  divisions: ["DIV", "MOD", "SHR"],
  signed: ["SDIV", "SMOD", "SAR"],
  bytes: ["BYTE", "SIGNEXTEND"],
} as const;
export type CoreChip = keyof typeof CORE_CHIPS;
export type CoreOpcode = (typeof CORE_CHIPS)[CoreChip][number];

/** Entries of a core chip, and of `masks` (a or b is the mask). Ids. */
export interface BinaryEntry {
  readonly name: CoreOpcode;
  readonly a: number;
  readonly b: number;
}
export interface MaskEntry {
  readonly a: number;
  readonly b: number;
  readonly isMaskSecond: boolean;
}
/** ADDMOD or MULMOD: two rows. */
export interface WideEntry {
  readonly name: "ADDMOD" | "MULMOD";
  readonly first: FactKey;
  readonly second: FactKey;
}
export interface ExponentiationEntry {
  readonly a: number;
  readonly b: number;
}
/** base^exponent by the power of half the exponent. Ids. */
export interface PowerEntry {
  readonly base: number;
  readonly exponent: number;
  readonly half: number;
}

export const ADDRESS_MASK = 2n ** 160n - 1n;
const EXP_BYTE_GAS = 50n;

const NAME_OF = new Map<number, CoreOpcode>(
  Object.values(CORE_CHIPS)
    .flat()
    .map((name) => [OPCODE[name]!, name]),
);
const CHIP_OF = new Map<string, CoreChip>(
  (Object.keys(CORE_CHIPS) as CoreChip[]).flatMap((chip) => CORE_CHIPS[chip].map((name) => [name, chip])),
);

export class AluPlan {
  readonly core: Readonly<Record<CoreChip, BinaryEntry[]>> = { sums: [], compares: [], signedCompares: [], bitwise: [], products: [], divisions: [], signed: [], bytes: [] }; // prettier-ignore
  readonly masks: MaskEntry[] = [];
  readonly wide: WideEntry[] = [];
  readonly powers: PowerEntry[] = [];
  readonly exponentiations: ExponentiationEntry[] = [];
  readonly #book: FactBook;

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** Is it an opcode that `result` answers? */
  has(op: number): boolean {
    return NAME_OF.has(op);
  }

  /** Id of the result. `b` is whatever lies below for an opcode of one word. */
  result(op: number, a: number, b: number): number {
    const book = this.#book;
    const known = book.known({ op, a, b });
    if (known !== undefined) return known;
    const name = NAME_OF.get(op)!;
    const [x, y] = [book.value(a), book.value(b)];
    if (name === "AND" && (x === ADDRESS_MASK || y === ADDRESS_MASK)) return this.#mask(a, b, x & y);
    const chip = CHIP_OF.get(name)!;
    const value = ARITHMETIC[name](x, y);
    const entry = book.take(chip);
    const isBit = chip === "compares" || chip === "signedCompares";
    const z = isBit ? Number(value) : book.word(chip, entry, value);
    book.key(chip, entry, { op, a, b, z });
    this.core[chip].push({ name, a, b });
    return z;
  }

  /** The result of an opcode by name. */
  of(name: CoreOpcode, a: number, b: number): number {
    return this.result(OPCODE[name]!, a, b);
  }

  /** Both rows of ADDMOD or MULMOD. */
  modular(op: number, rows: RowMachine): void {
    const book = this.#book;
    const name = op === OPCODE.ADDMOD ? "ADDMOD" : "MULMOD";
    const first = rows.question(op);
    rows.step(op);
    const second = rows.question(Tag.MODULUS);
    const [x, y, n] = [first.a, first.b, second.a].map((id) => book.value(Number(id))) as [bigint, bigint, bigint]; // prettier-ignore
    const entry = book.take("wide");
    const z = book.word("wide", entry, ARITHMETIC[name](x, y, n));
    book.key("wide", entry, first, 0);
    book.key("wide", entry, { ...second, z }, 1);
    this.wide.push({ name, first, second });
    rows.step(Tag.MODULUS, { z });
  }

  /** EXP. */
  power(question: FactKey): Answer {
    const [a, b] = [Number(question.a), Number(question.b)];
    const y = EXP_BYTE_GAS * BigInt(byteLengthOf(this.#book.value(b)));
    const known = this.#book.known(question);
    if (known !== undefined) return { z: known, y };
    const z = this.#power(a, b);
    this.#book.key("exponentiations", this.#book.take("exponentiations"), { ...question, z, y });
    this.exponentiations.push({ a, b });
    return { z, y };
  }

  /** Id of base^exponent: a step by the power of half the exponent, none where half is 0. */
  #power(base: number, exponent: number): number {
    const book = this.#book;
    const question: FactKey = { op: Tag.POWER, a: base, b: exponent };
    const known = book.known(question);
    if (known !== undefined) return known;
    const e = book.value(exponent);
    const half = book.literal(e >> 1n);
    if (e >> 1n !== 0n) this.#power(base, half);
    const entry = book.take("powers");
    const z = book.word("powers", entry, ARITHMETIC.EXP(book.value(base), e));
    book.key("powers", entry, { ...question, z });
    this.powers.push({ base, exponent, half });
    return z;
  }

  #mask(a: number, b: number, value: bigint): number {
    const book = this.#book;
    const entry = book.take("masks");
    const z = book.word("masks", entry, value);
    book.key("masks", entry, { op: OPCODE.AND!, a, b, z });
    this.masks.push({ a, b, isMaskSecond: book.value(b) === ADDRESS_MASK });
    return z;
  }
}
