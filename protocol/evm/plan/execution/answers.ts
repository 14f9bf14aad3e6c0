/** GAS and BLOCKHASH: answers that depend on when they are asked. */
import type { FactKey } from "../../factKey.ts";
import { BLOCK_HASH_WINDOW } from "../../machine/environment.ts";
import { OPCODE, OPCODES } from "../../opcodes.ts";
import type { FactBook } from "../factBook.ts";
import type { Answer } from "../rowMachine.ts";

export interface AnswerEntry {
  /** With its answer. */
  readonly fact: FactKey;
}

/** What GAS itself costs: it answers what is left after. */
export const GAS_COST = BigInt(OPCODES[OPCODE.GAS!]!.gas);

export class Answers {
  readonly entries: AnswerEntry[] = [];
  readonly #book: FactBook;

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** `floor`: of the frame. Assumes that so much gas is left. */
  gas(question: FactKey, floor: bigint): Answer {
    return this.#answer(question, BigInt(question.gas ?? 0) - GAS_COST - floor);
  }

  /**
   * `number`: of the frame's block. `hashOf`: of an ancestor. What is not among those the chunk opens has no proof: their
   * use is counted by whoever names them (planTransactions).
   */
  blockHash(question: FactKey, number: bigint, hashOf: (number: bigint) => bigint): Answer {
    const asked = this.#book.value(Number(question.a));
    const isKnown = asked < number && asked + BLOCK_HASH_WINDOW >= number;
    return this.#answer(question, isKnown ? hashOf(asked) : 0n);
  }

  #answer(question: FactKey, value: bigint): Answer {
    const z = this.#book.literal(value);
    const fact = { ...question, z };
    this.#book.key("answers", this.#book.take("answers"), fact);
    this.entries.push({ fact });
    return { z };
  }
}
