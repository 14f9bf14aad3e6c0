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
import { assertBits, witnessBool, witnessBytes } from "../builder/ranges.ts";
import type { U8, Wire } from "../builder/wire.ts";
import { ByteStream, type Powers256 } from "./byteStream.ts";
import { KECCAK_BLOCK } from "./keccak.ts";
import { keccak256Variable } from "./keccakVariable.ts";
import type { LegacySuffix } from "./legacySuffix.ts";
import { assertSameBytes } from "./sameBytes.ts";
import type { TransactionFields } from "./transactionFields.ts";

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
