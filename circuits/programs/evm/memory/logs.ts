/**
 * LOG0 to LOG4: a row with offset and length, a second with up to two topics, a third with the rest.
 *
 * Proves: y is 8 gas a byte and the expansion; the transaction's last log becomes this one, number i + 1, whose head continues that
 *   of the log before (protocol/state/receipts.ts).
 * Assumes: `lastLog.set` puts this number into the state's cell and gives the one it held; a revert restores it.
 * Enforces: L-1 one number of topics an active entry; L-2 the frame is not static; L-3 message and expansion
 *   (`rangeMessage.ts`); L-4 the head is the hash of the head before, address, topics and data; L-5 the rows' keys.
 * Sound because: an entry's number is a constant of the circuit, so a number has one head. The number before was put into the cell
 *   earlier, so heads form chains; a chain that runs in a circle would be one of hashes.
 * Cost: 512 gates and a message.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { DeferredRom } from "../../../builder/deferredRom.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { LogEntry } from "../../../../protocol/evm/plan/memory/logsPlan.ts";
import { LOG_ROWS } from "../../../../protocol/evm/plan/memory/logRows.ts";
import { type LogWires, MAX_TOPICS, nextLogsHeadOf } from "./logHash.ts";
import type { Messages } from "./messages.ts";
import { rangeMessage } from "./rangeMessage.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import { laterRow } from "./laterRow.ts";
import type { LastLog, MemoryServices } from "./services.ts";

const LOG0 = BigInt(OPCODE.LOG0!);
const GAS_PER_BYTE = 8n;
const GAS_PER_TOPIC = 375n;
const TOPIC_IDS = ["t0", "t1", "t2", "t3"] as const;

export interface LogServices extends MemoryServices {
  readonly messages: Messages;
  readonly lastLog: LastLog;
}

/** Heads by number of a log; 0 = no log, head 0. */
export class LogHeads {
  readonly #table: DeferredRom<Wire>;

  /** `heads`: the plan's, by entry. */
  constructor(b: Builder, count: number, heads: () => readonly bigint[]) {
    const shape = { length: count + 1, bits: 254, holdsKeys: false };
    this.#table = new DeferredRom<Wire>(b, shape, (number) => heads()[number - 1] ?? 0n, "logHeads");
    this.#table.define(b, 0, b.zero);
  }

  read(b: Builder, number: Wire, name: string): Wire {
    return this.#table.read(b, number, name);
  }

  define(b: Builder, number: number, head: Wire): void {
    this.#table.define(b, number, head);
  }

  close(): void {
    this.#table.close();
  }
}

/** Defines all heads; the caller closes them after its own reads. */
export function logChip(
  services: LogServices,
  heads: LogHeads,
  count: number,
  entry: (i: number) => LogEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    services.b.scope(`log[${i}]`, () =>
      heads.define(
        services.b,
        i + 1,
        log(services, heads, i, () => entry(i)),
      ),
    );
}

function log(services: LogServices, heads: LogHeads, i: number, entry: () => LogEntry | undefined): Wire {
  const { b, facts, frames, lastLog } = services;
  const count = Array.from({ length: MAX_TOPICS + 1 }, (_, n) => witnessBool(b, `count[${n}]`, () => entry()?.topics === n)); // prettier-ignore
  const flags = (from: number): Term[] => count.slice(from).map((flag): Term => [1n, flag]);
  const bool = (from: number, name: string): Bool =>
    assertBits(b, sum(b, flags(from), 0n, name), 1, `${name}.one`);
  const active = bool(0, "active");
  const row = witnessQuestion(b, () => entry()?.rows[0]);
  b.assertZero([[1n, active, frames.read("isStatic", row.f, "isStatic")]], [], 0n, "frame.mayWrite"); // prettier-ignore
  const { commitment, gas, length } = rangeMessage(services, row, active);
  const y = sum(b, [[1n, gas], [GAS_PER_BYTE, length]], 0n, "y"); // prettier-ignore
  const topicIds = TOPIC_IDS.map((name, n) => witnessBits(b, 20, name, () => topicId(entry(), n)));
  const before = lastLog.set(row.t, b.constant(BigInt(i + 1)), "lastLog", active);
  const address = facts.word(frames.read("address", row.f, "address"), "address.word");
  const wires: LogWires = {
    head: heads.read(b, before, "before"),
    address: sum(b, [[1n, address.lo], [1n << 128n, address.hi]], 0n, "address.field"), // prettier-ignore
    count,
    topics: topicIds.map((id, n) => facts.word(id, `topic[${n}]`)),
    data: commitment,
  };
  defineKeys(services, i, { row, y, count, topicIds, active, hasTopics: bool(1, "hasTopics"), isLong: bool(3, "isLong") }); // prettier-ignore
  return nextLogsHeadOf(b, wires, "hash");
}

const topicId = (entry: LogEntry | undefined, n: number): bigint =>
  BigInt(entry?.rows[1 + (n >> 1)]?.[n % 2 === 0 ? "a" : "b"] ?? 0);

interface LogKeys {
  readonly row: TimedQuestion;
  readonly y: Wire;
  readonly count: readonly Bool[];
  readonly topicIds: readonly Wire[];
  readonly active: Bool;
  /** One topic or more: a second row. */
  readonly hasTopics: Bool;
  /** Three or more: a third. */
  readonly isLong: Bool;
}

/** L-5. */
function defineKeys({ b, facts }: LogServices, i: number, keys: LogKeys): void {
  const { row, y, count, topicIds, active, hasTopics, isLong } = keys;
  const numbers = count.map((flag, n): Term => [BigInt(n), flag]);
  const op = sum(b, [[LOG0, active], ...numbers], 0n, "op"); // prettier-ignore
  facts.defineTimedKey("logs", i, active, { op, ...row, y }, "key[0]");
  const paid: Term[] = [[1n, y], [GAS_PER_TOPIC, active], ...numbers.map(([n, flag]): Term => [n * GAS_PER_TOPIC, flag])]; // prettier-ignore
  [hasTopics, isLong].forEach((exists, r) => {
    const tags = LOG_ROWS.flatMap(([, ...tags], n): Term[] => (tags[r] === undefined ? [] : [[BigInt(tags[r]), count[n]!]])); // prettier-ignore
    const later = laterRow(b, row, { active, rows: r + 1, popped: 2 * (r + 1), paid }, `later[${r}]`);
    // Of a row that does not exist, the height may fall below 0: laterRow asks for 2 words an active entry only.
    const op = combine(b, [], tags, 0n, `op[${r + 1}]`);
    facts.defineTimedKey("logs", i, exists, { op, a: topicIds[2 * r]!, b: topicIds[2 * r + 1]!, ...later }, `key[${r + 1}]`, r + 1); // prettier-ignore
  });
}
