/** KECCAK256 (circuits/programs/evm/memory/keccaks.ts). */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { readField } from "../../../field.ts";
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";
import type { MessagesPlan } from "./messagesPlan.ts";
import { readRangeMessage } from "./rangeMessagePlan.ts";

export interface KeccakEntry {
  /** With its answers. */
  readonly key: FactKey;
}

const OP = OPCODE.KECCAK256!;
const GAS_PER_WORD = 6n;
const WORD = 32;

export class KeccaksPlan {
  readonly entries: KeccakEntry[] = [];
  /** What was hashed, in order: jobs for the pool (keccakUse.ts). */
  readonly hashed: Uint8Array[] = [];
  readonly #services: MemoryPlanServices;
  readonly #messages: MessagesPlan;

  constructor(services: MemoryPlanServices, messages: MessagesPlan) {
    this.#services = services;
    this.#messages = messages;
  }

  /** Executes the next row. Assumes that it does not halt and that the range is small. */
  execute(): void {
    const { book, rows } = this.#services;
    const question = rows.question(OP);
    const operands = { a: Number(question.a), b: Number(question.b) };
    const { bytes, gas } = readRangeMessage(this.#services, this.#messages, operands);
    this.hashed.push(bytes);
    const y = gas + GAS_PER_WORD * BigInt(Math.ceil(bytes.length / WORD));
    const z = book.literal(wordOf(keccak_256(bytes)));
    const key = { ...question, z, y };
    book.key("keccaks", book.take("keccaks"), key);
    this.entries.push({ key });
    rows.step(OP, { z, y });
  }
}

const wordOf = (digest: Uint8Array): bigint => readField(new DataView(digest.buffer, digest.byteOffset), 0);
