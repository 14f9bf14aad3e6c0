/**
 * The access lists of many transactions (EIP-2930: [[address, [key, ..]], ..]), item by item: a row for each address and a row
 * for each key, in the order of the bytes.
 *
 * Proves: the rows of owner t are the items of the canonical list whose payload is at starts[t] to ends[t]: all of them, in order.
 * Assumes: `rows` are those of a `SharedList`; an owner without rows has an empty list (the caller enforces it).
 * Enforces: an owner's first row is an address at the list's start; a row stands where the one before ended; it is a key iff the
 *   keys of the address before it have not ended; an entry's list ends with its keys; an owner's last row ends both its entry
 *   and its list. A part that a row does not have is read at a constant item, so that its rules hold without a switch.
 * Sound because: what a row is and where it stands follows from the row before. Every row moves forward, so rows that miss the
 *   end of keys or list never meet it.
 * Cost: 155 gates a row.
 */
import { add, assertEqual, assertEqualIf, isEqual, isZero, mux, sum } from "../builder/arithmetic.ts";
import { and, assertImplies, not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits } from "../builder/ranges.ts";
import type { Rom } from "../builder/rom.ts";
import type { Bool, Wire, Word } from "../builder/wire.ts";
import { LIST, lengthAt, readPayload, STRING } from "./rlpHeader.ts";
import { readFixedString } from "./rlpString.ts";
import type { SharedRow } from "./sharedList.ts";
import type { SuffixStream } from "./suffixStream.ts";

export const ADDRESS_ITEM_BYTES = 21;
export const KEY_ITEM_BYTES = 33;

/** An entry without keys, then a key: what rows read that have neither or one. */
export const PADDING_ENTRY = Uint8Array.of(
  LIST + ADDRESS_ITEM_BYTES + 1,
  STRING + 20,
  ...new Uint8Array(20),
  LIST,
);
export const PADDING_KEY_ITEM = Uint8Array.of(STRING + 32, ...new Uint8Array(32));

export interface AccessLists {
  readonly stream: SuffixStream;
  /** Of the lists' payloads, by owner. */
  readonly starts: Rom<Wire>;
  readonly ends: Rom<Wire>;
  /** Where the padding entry and key stand. */
  readonly padding: { readonly entry: Wire; readonly key: Wire };
}

export interface AccessItem {
  readonly active: Bool;
  readonly owner: Wire;
  readonly isKey: Bool;
  /** 160 bits: the address, or that which the key belongs to. */
  readonly address: Wire;
  /** Of a key; of an address, a constant. */
  readonly key: Word;
}

type State = { next: Wire; entryEnd: Wire; address: Wire; isOpen: Bool };

export function accessItems(
  b: Builder,
  lists: AccessLists,
  rows: readonly SharedRow[],
  name: string,
): AccessItem[] {
  let state: State = { next: b.zero, entryEnd: b.zero, address: b.zero, isOpen: b.zero };
  return rows.map((row, r) =>
    b.scope(`${name}[${r}]`, () => {
      const made = nextItem(b, lists, row, state);
      state = made.state;
      return made.item;
    }),
  );
}

function nextItem(
  b: Builder,
  { stream, starts, ends, padding }: AccessLists,
  row: SharedRow,
  before: State,
): { item: AccessItem; state: State } {
  const { active, owner } = row;
  const isLast = and(b, active, isZero(b, row.rest, "last.isNext"), "isLast");
  const isFirst = isZero(b, row.index, "isFirst");
  const isKey = and(b, and(b, active, not(b, isFirst, "goesOn"), "continues"), before.isOpen, "isKey");
  const isAddress = and(b, active, not(b, isKey, "isNoKey"), "isAddress");
  const position = mux(b, isFirst, starts.read(b, owner, "start"), before.next, "position");
  const entry = readEntry(b, stream, mux(b, isAddress, position, padding.entry, "entry.at"));
  const key = readKey(b, stream, mux(b, isKey, position, padding.key, "key.at"));
  const next = mux(b, isKey, key.next, entry.keysStart, "next");
  const entryEnd = mux(b, isKey, before.entryEnd, entry.end, "entryEnd");
  const address = mux(b, isKey, before.address, entry.address, "address");
  const isClosed = isEqual(b, next, entryEnd, "isClosed");
  assertImplies(b, isLast, isClosed, "last.closed");
  assertEqualIf(b, isLast, next, ends.read(b, owner, "end"), "last.endsList");
  return {
    item: { active, owner, isKey, address, key: key.value },
    state: { next, entryEnd, address, isOpen: not(b, isClosed, "isOpen") },
  };
}

function readEntry(
  b: Builder,
  stream: SuffixStream,
  at: Wire,
): { address: Wire; keysStart: Wire; end: Wire } {
  const entry = readPayload(b, stream, at, LIST, b.one, "entry");
  const address = readFixedString(b, stream, entry.start, 20, "entry.address");
  const keys = readPayload(b, stream, address.next, LIST, b.one, "keys");
  assertEqual(b, keys.end, entry.end, "keys.endEntry");
  return { address: address.value, keysStart: keys.start, end: entry.end };
}

function readKey(b: Builder, stream: SuffixStream, at: Wire): { value: Word; next: Wire } {
  const head = stream.fixed(b, at, 1, "key.head");
  b.assertZero([], [[1n, head]], -BigInt(STRING + 32), "key.head.isString32");
  const half = (from: number, part: string): Wire =>
    stream.fixed(b, sum(b, [[1n, at]], BigInt(from), `${part}.at`), 16, part);
  const value = {
    hi: assertBits(b, half(1, "key.hi"), 128, "key.hi"),
    lo: assertBits(b, half(17, "key.lo"), 128, "key.lo"),
  };
  return { value, next: add(b, at, b.constant(BigInt(KEY_ITEM_BYTES)), "key.next") };
}

/** Rows that the list at `start` to `end` takes; at most `limit`. Only inside a witness function. */
export function countAccessItems(
  b: Builder,
  stream: SuffixStream,
  start: bigint,
  end: bigint,
  limit: number,
): bigint {
  let count = 0;
  const skipHeader = (at: bigint): bigint => {
    const head = stream.peek(b, at, 1) - BigInt(LIST + 55);
    return at + 1n + (head > 0n ? head : 0n);
  };
  for (let at = start; at < end && count < limit;) {
    const entry = skipHeader(at);
    const keys = lengthAt(b, stream, entry + BigInt(ADDRESS_ITEM_BYTES), LIST);
    count += 1 + Number(keys / BigInt(KEY_ITEM_BYTES));
    at = entry + lengthAt(b, stream, at, LIST);
  }
  return BigInt(Math.min(count, limit));
}
