/**
 * What a transaction's signature signs: keccak256([type] || list([items before v] || [chain id, 0, 0 if legacy])).
 *
 * Proves: result = that digest, 32 bytes.
 * Assumes: `fields` come from `decodeTransaction` on `stream`, so the signed items are at most 117 bytes long.
 * Enforces: a witness payload of 136 bytes has the prefix, the same items (slice by slice), the suffix and Keccak's padding.
 * Parameters: none: the payload of a transfer is at most 120 bytes, one block of Keccak.
 * Sound because: the slices' lengths are counted and lie end to end, so every byte below the payload's length is fixed.
 * Cost: 17,400 (Keccak) + 1,000 gates.
 */
import { add, combine, sum } from "../builder/arithmetic.ts";
import { not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, witnessBits, witnessBool, witnessBytes } from "../builder/ranges.ts";
import type { U64, U8, Wire } from "../builder/wire.ts";
import { ByteStream, type Powers256, SLICE_BYTES } from "./byteStream.ts";
import { KECCAK_BLOCK, keccak256Variable } from "./keccak.ts";
import type { TransactionFields } from "./transactionFields.ts";

/** RLP of the chain id followed by two empty strings: what a legacy transaction signs after its items. */
export interface LegacySuffix {
  /** Big endian, below 2^88. */
  readonly value: Wire;
  /** Bytes, 3 to 11. */
  readonly length: Wire;
}

const MAX_SLICES = 4;

/**
 * Proves: the RLP of `chainId` (canonical), then 80 80.
 * Sound because: `bytes` is the least number with chainId < 256^bytes, by two range checks of a multiple of the chain id.
 * Cost: 70 gates, once a circuit.
 */
export function legacySuffix(b: Builder, chainId: U64, name: string): LegacySuffix {
  return b.scope(name, () => {
    const size = (): number => Math.ceil(b.value(chainId).toString(2).length / 8);
    const bits = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => witnessBool(b, `size[${n}]`, () => size() === n));
    b.assertZero([], bits.map((bit) => [1n, bit] as const), -1n, "size.one"); // prettier-ignore
    const bytes = sum(b, bits.map((bit, i) => [BigInt(i + 1), bit] as const), 0n, "bytes"); // prettier-ignore
    // chainId <= 256^bytes - 1, and chainId >= 256^(bytes - 1).
    const above = (k: (i: number) => bigint) => bits.map((bit, i) => [k(i), bit] as const);
    const room = sum(b, [...above((i) => 256n ** BigInt(i + 1) - 1n), [-1n, chainId]], 0n, "room");
    assertBits(b, room, 64, "room");
    const excess = sum(b, [...above((i) => -(256n ** BigInt(i))), [1n, chainId]], 0n, "excess");
    assertBits(b, excess, 64, "excess");
    const isSmall = witnessBool(b, "isSmall", () => b.value(chainId) < 128n);
    // 127 - chainId if small, chainId - 128 if not.
    const gap = combine(b, [[-2n, isSmall, chainId]], [[255n, isSmall], [1n, chainId]], -128n, "gap"); // prettier-ignore
    assertBits(b, gap, 64, "gap");
    const large = not(b, isSmall, "isLarge");
    const weight = sum(b, above((i) => 256n ** BigInt(i + 1)), 0n, "weight"); // prettier-ignore
    const head = combine(b, [[1n, bytes, weight]], [[0x80n, weight]], 0n, "head");
    const rlp = combine(b, [[1n, large, head]], [[1n, chainId]], 0n, "rlp");
    return {
      value: sum(b, [[1n << 16n, rlp]], 0x8080n, "value"),
      length: sum(b, [[1n, bytes], [1n, large]], 2n, "length"), // prettier-ignore
    };
  });
}

export function signingDigest(
  b: Builder,
  stream: ByteStream,
  fields: TransactionFields,
  suffix: LegacySuffix,
  powers: Powers256,
  name: string,
): U8[] {
  return b.scope(name, () => {
    const { start, end } = fields.signed;
    const items = sum(b, [[1n, end], [-1n, start]], 0n, "items"); // prettier-ignore
    const isLegacy = not(b, fields.isTyped, "isLegacy");
    const suffixLength = combine(b, [[1n, isLegacy, suffix.length]], [], 0n, "suffix.length");
    const listLength = assertBits(b, add(b, items, suffixLength, "list.length"), 7, "list.length");
    const prefix = payloadPrefix(b, fields, listLength);
    const length = add(b, prefix.length, listLength, "length");
    const bytes = witnessBytes(b, "payload", KECCAK_BLOCK, () =>
      paddedPayload(b, stream, { prefix, items, start, length, suffix, suffixLength }),
    );
    const payload = new ByteStream(b, bytes, powers, "payload");
    const head = payload.slice(b, b.zero, assertBits(b, prefix.length, 5, "prefix.length"), "prefix");
    b.assertZero([], [[1n, head], [-1n, prefix.value]], 0n, "prefix.is"); // prettier-ignore
    const tailAt = assertSameBytes(b, payload, prefix.length, stream, start, items);
    const tail = payload.slice(b, tailAt, assertBits(b, suffixLength, 5, "suffix.length"), "suffix");
    b.assertZero([[1n, isLegacy, suffix.value]], [[-1n, tail]], 0n, "suffix.is");
    return keccak256Variable(b, payload, length, "keccak");
  });
}

type Prefix = { readonly value: Wire; readonly length: Wire };

/** [type] c0+n, or [type] f8 n from 56 bytes on. */
function payloadPrefix(b: Builder, fields: TransactionFields, listLength: Wire): Prefix {
  const { isTyped, isAccessList, isDynamicFee } = fields;
  const isLong = witnessBool(b, "list.isLong", () => b.value(listLength) > 55n);
  const room = combine(
    b,
    [[2n, isLong, listLength]],
    [
      [-111n, isLong],
      [-1n, listLength],
    ],
    55n,
    "list.shortest",
  );
  assertBits(b, room, 7, "list.shortest");
  const header = sum(b, [[0xf800n - 0xc0n, isLong], [1n, listLength]], 0xc0n, "list.header"); // prettier-ignore
  const type = sum(b, [[1n, isAccessList], [2n, isDynamicFee]], 0n, "type"); // prettier-ignore
  const place = sum(b, [[0x10000n - 0x100n, isLong]], 0x100n, "type.place");
  return {
    value: combine(b, [[1n, type, place]], [[1n, header]], 0n, "prefix.value"),
    length: sum(b, [[1n, isTyped], [1n, isLong]], 1n, "prefix.length"), // prettier-ignore
  };
}

/** `count` bytes are the same in both streams; returns where they end in `to`. */
function assertSameBytes(
  b: Builder,
  to: ByteStream,
  at: Wire,
  from: ByteStream,
  start: Wire,
  count: Wire,
): Wire {
  let [left, right] = [at, start];
  const takes: Wire[] = [];
  for (let i = 0; i < MAX_SLICES; i++) {
    const take = witnessBits(b, 5, `items[${i}].length`, () => {
      const rest = b.value(count) - takes.reduce((n, wire) => n + b.value(wire), 0n);
      return rest > BigInt(SLICE_BYTES) ? BigInt(SLICE_BYTES) : rest > 0n ? rest : 0n;
    });
    takes.push(take);
    const [u, v] = [
      to.slice(b, left, take, `items[${i}].payload`),
      from.slice(b, right, take, `items[${i}].stream`),
    ];
    b.assertZero([], [[1n, u], [-1n, v]], 0n, `items[${i}].same`); // prettier-ignore
    left = add(b, left, take, `items[${i}].left`);
    right = add(b, right, take, `items[${i}].right`);
  }
  b.assertZero([], [...takes.map((take) => [1n, take] as const), [-1n, count]], 0n, "items.all");
  return left;
}

type Parts = {
  prefix: Prefix;
  items: Wire;
  start: Wire;
  length: Wire;
  suffix: LegacySuffix;
  suffixLength: Wire;
};

/** The native payload: what the witness holds. */
function paddedPayload(b: Builder, stream: ByteStream, parts: Parts): Uint8Array {
  const out = new Uint8Array(KECCAK_BLOCK);
  const put = (value: bigint, length: number, at: number): void => {
    for (let i = 0; i < length; i++)
      if (at + i < KECCAK_BLOCK) out[at + i] = Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn);
  };
  const number = (wire: Wire): number => Number(b.value(wire) & 0xfffn);
  const [prefix, items, start] = [number(parts.prefix.length), number(parts.items), number(parts.start)];
  put(b.value(parts.prefix.value), prefix, 0);
  for (let i = 0; i < items && prefix + i < KECCAK_BLOCK; i++)
    out[prefix + i] = Number(b.value(stream.bytes[start + i] ?? b.zero));
  put(b.value(parts.suffix.value), number(parts.suffixLength), prefix + items);
  put(1n, 1, number(parts.length));
  out[KECCAK_BLOCK - 1]! |= 0x80;
  return out;
}
