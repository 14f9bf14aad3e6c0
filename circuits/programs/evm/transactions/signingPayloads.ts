/**
 * What transactions sign: [type] || list([items before v] || [chain id, 0, 0 if legacy]), as commitments to messages
 * (gadgets/message.ts). One list of words serves all transactions; no payload is written out, its bytes are those of the stream.
 *
 * Proves: `commitments[t]` is that of the payload of place t; in an inactive place 0, which is no message's.
 * Enforces: type and list header from the payload's length, in its only form; word j of place t is made of the header if j = 0, of
 *   the items' bytes between start and end, and of the suffix from `end` on if legacy; its commitment continues that of word j - 1.
 * Sound because: a payload's bytes lie as in the stream, moved by the header's length: the row's place in the stream follows from
 *   t and j. The three parts do not overlap, and what none covers is zero.
 * Cost: 190 gates a word, 140 a place; once 370.
 */
import { add, combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, constantBits, promiseBits, witnessBytes } from "../../../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../../../builder/rom.ts";
import type { U8, Wire } from "../../../builder/wire.ts";
import type { LegacySuffix } from "../../../gadgets/legacySuffix.ts";
import { messageStart, messageStep } from "../../../gadgets/message.ts";
import { LIST, rlpHeader } from "../../../gadgets/rlpHeader.ts";
import { SharedList, type SharedRow } from "../../../gadgets/sharedList.ts";
import { boundedWord, readWord } from "../../../gadgets/streamWord.ts";
import { SuffixStream } from "../../../gadgets/suffixStream.ts";
import { wordCount } from "./dataWords.ts";
import type { RawTransaction } from "./rawTransaction.ts";
import type { TransactionStream } from "./transactionStream.ts";

const HALF_BYTES = 16;
const WORD_BYTES = 32;
/** Bytes of the longest suffix, and bits of its length. */
const SUFFIX_BYTES = 11;
const SUFFIX_BITS = 4;

interface Payload {
  /** Where the payload's first byte would be if its header stood right before the items. */
  readonly start: Wire;
  readonly prefixLength: Wire;
  /** Type and list header at the start of 16 bytes. */
  readonly prefix: Wire;
  readonly itemsEnd: Wire;
  readonly isLegacy: Wire;
  readonly begin: Wire;
  readonly words: Wire;
}

export function signingPayloads(
  b: Builder,
  bytes: TransactionStream,
  suffix: LegacySuffix,
  raws: readonly RawTransaction[],
  capacity: number,
): Wire[] {
  const bits = capacity.toString(2).length;
  const payloads = raws.map((raw, i) =>
    b.scope(`transaction[${i}].payload`, () => placePayload(b, bytes, suffix, raw, bits)),
  );
  const shared = new SharedList(b, payloads.map(({ words }) => words), capacity, "payloadWord"); // prettier-ignore
  const tables = payloadTables(b, payloads);
  const tail = suffixStream(b, bytes, suffix);
  // Entry r + 1: the commitment after row r.
  const states: Wire[] = [b.zero];
  for (const [r, row] of shared.rows.entries())
    states.push(b.scope(`payloadWord[${r}]`, () => nextState(b, bytes, tail, tables, row, states.at(-1)!)));
  const table = fieldRom(b, states, "payloadWord.states");
  return raws.map(({ active }, i) =>
    b.scope(`transaction[${i}].payload`, () => {
      const made = table.read(b, shared.bases[i + 1]!, "state");
      return mul(b, active, made, "commitment");
    }),
  );
}

/** Header and place of one payload. */
function placePayload(
  b: Builder,
  { stream, positionBits }: TransactionStream,
  suffix: LegacySuffix,
  raw: RawTransaction,
  bits: number,
): Payload {
  const { isTyped, isAccessList, isDynamicFee, signed, active } = raw;
  const isLegacy = not(b, isTyped, "isLegacy");
  const tail = combine(b, [[1n, isLegacy, suffix.length]], [], 0n, "suffix.length");
  const items = sum(b, [[1n, signed.end], [-1n, signed.start], [1n, tail]], 0n, "list.length"); // prettier-ignore
  const listLength = assertBits(b, items, 24, "list.length");
  const header = rlpHeader(b, listLength, LIST, "list");
  const prefixLength = promiseBits(b, add(b, isTyped, header.size, "prefix.length"), SUFFIX_BITS, "prefix");
  const type = sum(b, [[1n, isAccessList], [2n, isDynamicFee]], 0n, "type"); // prettier-ignore
  const above = stream.powers.read(b, sum(b, [[1n, header.size]], 1n, "type.place"), "type.power");
  const prefix = combine(b, [[1n, type, above]], [[1n, header.value]], 0n, "prefix");
  const shift = sum(b, [[-1n, prefixLength]], BigInt(HALF_BYTES + 1), "prefix.shift"); // prettier-ignore
  const room = stream.powers.read(b, assertBits(b, shift, 5, "prefix.shift"), "prefix.power");
  const length = add(b, prefixLength, listLength, "length");
  const start = sum(b, [[1n, signed.start], [-1n, prefixLength]], 0n, "start"); // prettier-ignore
  return {
    start: assertBits(b, start, positionBits, "start"),
    prefixLength,
    prefix: mul(b, prefix, room, "prefix.placed"),
    itemsEnd: signed.end,
    isLegacy,
    begin: messageStart(b, length, "begin"),
    words: wordCount(b, active, length, bits, "words"),
  };
}

type Tables = { readonly [part in Exclude<keyof Payload, "words">]: Rom<Wire> };

function payloadTables(b: Builder, payloads: readonly Payload[]): Tables {
  const column = (part: keyof Tables): Wire[] => payloads.map((payload) => payload[part]);
  const bounded = (part: keyof Tables): Rom<Wire> => rom(b, column(part), `payloads.${part}`);
  const field = (part: keyof Tables): Rom<Wire> => fieldRom(b, column(part), `payloads.${part}`);
  return {
    start: bounded("start"),
    prefixLength: bounded("prefixLength"),
    prefix: field("prefix"),
    itemsEnd: bounded("itemsEnd"),
    isLegacy: bounded("isLegacy"),
    begin: field("begin"),
  };
}

/** The suffix after 32 zeros, and zeros: position 32 - n has it after the first n bytes of a word. */
function suffixStream(b: Builder, { stream }: TransactionStream, suffix: LegacySuffix): SuffixStream {
  return b.scope("suffix", () => {
    const length = assertBits(b, suffix.length, SUFFIX_BITS, "length");
    const shift = sum(b, [[-1n, length]], BigInt(SUFFIX_BYTES + 1), "shift");
    const power = stream.powers.read(b, assertBits(b, shift, SUFFIX_BITS, "shift"), "power");
    const placed = mul(b, suffix.value, power, "placed");
    const bytes = witnessBytes(b, "byte", SUFFIX_BYTES, () =>
      Uint8Array.from({ length: SUFFIX_BYTES }, (_, i) =>
        Number((b.value(placed) >> BigInt(8 * (SUFFIX_BYTES - 1 - i))) & 0xffn),
      ),
    );
    const terms = bytes.map((byte, i) => [256n ** BigInt(SUFFIX_BYTES - 1 - i), byte] as const);
    b.assertZero([], [...terms, [-1n, placed]], 0n, "bytes");
    const zeros = (count: number): U8[] => Array.from({ length: count }, () => constantBits(b, 8, 0n));
    return new SuffixStream(b, [...zeros(WORD_BYTES), ...bytes, ...zeros(WORD_BYTES + SUFFIX_BYTES)], stream.powers, "tail"); // prettier-ignore
  });
}

/** The commitment after one more word. */
function nextState(
  b: Builder,
  { stream, positionBits: bits }: TransactionStream,
  tail: SuffixStream,
  tables: Tables,
  { active, owner, index }: SharedRow,
  before: Wire,
): Wire {
  const read = (part: keyof Tables): Wire => tables[part].read(b, owner, part);
  const begins = and(b, active, isZero(b, index, "isFirst"), "begins");
  const place = combine(b, [], [[1n, read("start")], [BigInt(WORD_BYTES), index]], 0n, "place"); // prettier-ignore
  // An unused row stands where an empty stretch does.
  const at = assertBits(b, mul(b, active, place, "at"), bits, "at");
  const end = assertBits(b, mul(b, active, read("itemsEnd"), "end"), bits, "end");
  const begun = combine(b, [[1n, begins, read("prefixLength")]], [[1n, at]], 0n, "begun");
  const start = assertBits(b, begun, bits, "begun");
  const from = mux(b, isLess(b, start, end, bits, "begun.inside"), start, end, "from");
  const items = readWord(b, stream, { at, from, end, bits }, "items");
  const suffixAt = mul(b, read("isLegacy"), items.missing, "suffix.at");
  const half = (offset: number, part: string): Wire =>
    tail.fixed(b, sum(b, [[1n, suffixAt]], BigInt(offset), `${part}.at`), HALF_BYTES, part);
  const [suffixHi, suffixLo] = [half(0, "suffix.hi"), half(HALF_BYTES, "suffix.lo")];
  const hi = combine(b, [[1n, begins, read("prefix")]], [[1n, items.hi], [1n, suffixHi]], 0n, "hi"); // prettier-ignore
  const lo = add(b, items.lo, suffixLo, "lo");
  const continued = mux(b, begins, read("begin"), before, "before");
  return messageStep(b, continued, boundedWord(b, { hi, lo }, "word"), "step");
}
