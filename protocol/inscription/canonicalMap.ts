/**
 * Maps in deterministic CBOR (RFC 8949, section 4.2.1) with a fixed list of fields: one encoding for each value, so that
 * hashes of an encoding are hashes of the value, and a reader that refuses everything else.
 */
import { decode, encode, rfc8949EncodeOptions } from "cborg";
import { assertUint, equalBytes } from "../bytes.ts";
import { StackError } from "../errors.ts";

/** Unsigned integers of 64 bits, byte strings, and lists of byte strings. */
export type FieldKind = "u64" | "bytes" | "bytesList";

/** Fields by name with their kinds. */
export type FieldKinds = Readonly<Record<string, FieldKind>>;

type Value = { readonly u64: bigint; readonly bytes: Uint8Array; readonly bytesList: readonly Uint8Array[] };

export type Fields<K extends FieldKinds> = { readonly [Name in keyof K]: Value[K[Name]] };

export type CanonicalMapError =
  | { code: "CBOR_INVALID" }
  | { code: "CBOR_NOT_CANONICAL" }
  | { code: "CBOR_NOT_A_MAP" }
  | { code: "CBOR_FIELD_MISSING"; field: string }
  | { code: "CBOR_FIELD_UNKNOWN"; field: string }
  | { code: "CBOR_FIELD_TYPE"; field: string; expected: FieldKind };

const fail = (type: CanonicalMapError, cause?: unknown): never => {
  throw new StackError(type, "fatal", { cause });
};

/** Throws `INTEGER_OUT_OF_RANGE`. */
export function encodeMap<K extends FieldKinds>(kinds: K, fields: Fields<K>): Uint8Array {
  const entries = Object.entries(kinds).map(([name, kind]) => {
    const value = fields[name];
    return [name, kind === "u64" ? assertUint(value as bigint, 64) : value] as const;
  });
  return encode(new Map(entries), rfc8949EncodeOptions);
}

/** Throws any `CanonicalMapError`. */
export function decodeMap<K extends FieldKinds>(kinds: K, bytes: Uint8Array): Fields<K> {
  const map = decodeStrictly(bytes);
  if (!(map instanceof Map)) return fail({ code: "CBOR_NOT_A_MAP" });
  for (const name of map.keys())
    if (typeof name !== "string" || !Object.hasOwn(kinds, name))
      fail({ code: "CBOR_FIELD_UNKNOWN", field: String(name) });
  const entries = Object.entries(kinds).map(([name, kind]) => [name, readField(map, name, kind)]);
  const fields = Object.fromEntries(entries) as Fields<K>;
  // Covers what a decoder lets pass: long integers, unsorted keys, indefinite lengths.
  if (!equalBytes(encodeMap(kinds, fields), bytes)) fail({ code: "CBOR_NOT_CANONICAL" });
  return fields;
}

function decodeStrictly(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false });
  } catch (error) {
    return fail({ code: "CBOR_INVALID" }, error);
  }
}

function readField(map: Map<unknown, unknown>, field: string, kind: FieldKind): unknown {
  if (!map.has(field)) fail({ code: "CBOR_FIELD_MISSING", field });
  const value = map.get(field);
  const isInteger = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  if (kind === "u64" && isInteger && value >= 0) return BigInt(value);
  if (kind === "bytes" && value instanceof Uint8Array) return value.slice();
  if (kind === "bytesList" && Array.isArray(value) && value.every((item) => item instanceof Uint8Array))
    return value.map((item: Uint8Array) => item.slice());
  return fail({ code: "CBOR_FIELD_TYPE", field, expected: kind });
}
