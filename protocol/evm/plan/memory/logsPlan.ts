/** LOG0 to LOG4 (circuits/programs/evm/memory/logs.ts). */
import { hash } from "../../../hash.ts";
import { Domain } from "../../../domains.ts";
import { type Field, splitWord } from "../../../field.ts";
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import { LOG_ROWS } from "./logRows.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";
import type { MessagesPlan } from "./messagesPlan.ts";
import { readRangeMessage } from "./rangeMessagePlan.ts";

export interface LogEntry {
  readonly topics: number;
  /** The facts of its rows, with their answers. */
  readonly rows: readonly FactKey[];
}

/** Puts a log's number into the state's cell at row `t`; the number it held. */
export type SetLastLog = (t: number, number: number) => number;

const GAS_PER_BYTE = 8n;

export class LogsPlan {
  readonly entries: LogEntry[] = [];
  /** Of entry i: the head of the chain that ends with it. */
  readonly heads: Field[] = [];
  readonly #services: MemoryPlanServices;
  readonly #messages: MessagesPlan;
  readonly #setLastLog: SetLastLog;

  constructor(services: MemoryPlanServices, messages: MessagesPlan, setLastLog: SetLastLog) {
    this.#services = services;
    this.#messages = messages;
    this.#setLastLog = setLastLog;
  }

  /** Executes the rows of LOGn. Assumes that it does not halt and that the range is small. */
  execute(op: number): void {
    const { book, frames, rows } = this.#services;
    const topics = op - OPCODE.LOG0!;
    const question = rows.question(op);
    const { t, frame } = rows;
    const operands = { a: Number(question.a), b: Number(question.b) };
    const { bytes, commitment, gas } = readRangeMessage(this.#services, this.#messages, operands);
    const y = gas + GAS_PER_BYTE * BigInt(bytes.length);
    rows.step(op, { y });
    const later = LOG_ROWS[topics]!.slice(1).map((tag) => {
      const key = rows.question(tag);
      rows.step(tag);
      return key;
    });
    const keys: FactKey[] = [{ ...question, y }, ...later];
    const entry = book.take("logs");
    keys.forEach((key, which) => book.key("logs", entry, key, which));
    this.entries.push({ topics, rows: keys });
    const before = this.head(this.#setLastLog(t, entry + 1));
    const ids = later.flatMap(({ a, b }) => [Number(a), Number(b)]).slice(0, topics);
    const words = ids.map((id) => book.value(id));
    const address = book.value(frames.column("address", frame));
    this.heads.push(nextHead(before, address, words, commitment));
  }

  /** The head of the log with this number; 0 = no log. */
  head(number: number): Field {
    return this.heads[number - 1] ?? 0n;
  }
}

/** As protocol/state/receipts.ts, of an address as the machine has it. */
function nextHead(head: Field, address: bigint, topics: readonly bigint[], commitment: Field): Field {
  const limbs = topics.map(splitWord).flatMap(({ lo, hi }) => [lo, hi]);
  return hash(Domain.LOG, [head, address, BigInt(topics.length), ...limbs, commitment]);
}
