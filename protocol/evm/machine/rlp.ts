/**
 * RLP (yellow paper, appendix B). What decodes is canonical: the shortest form of every length, nothing behind the end;
 * encoding it again gives the same bytes.
 */
import { concatBytes } from "../../bytes.ts";
import { StackError } from "../../errors.ts";
import { bytesToUint, uintToBytes } from "./word.ts";

export type RlpItem = Uint8Array | readonly RlpItem[];

export type RlpError = { code: "RLP_INVALID"; offset: number };

const SHORT = 56;
const BYTES = 0x80;
const LIST = 0xc0;

/** Nested lists below this: an access list needs 3. Deeper data must not exhaust the stack of the process. */
const MAX_DEPTH = 8;

const invalid = (offset: number): never => {
  throw new StackError<RlpError>({ code: "RLP_INVALID", offset }, "fatal");
};

/** Throws `RLP_INVALID`. */
export function decodeRlp(data: Uint8Array): RlpItem {
  const { item, end } = decodeItem(data, 0, data.length, 0);
  return end === data.length ? item : invalid(end);
}

type Decoded = { readonly item: RlpItem; readonly end: number };

function decodeItem(data: Uint8Array, offset: number, limit: number, depth: number): Decoded {
  const first = offset < limit ? (data[offset] as number) : invalid(offset);
  if (first < BYTES) return { item: data.subarray(offset, offset + 1), end: offset + 1 };
  const kind = first < LIST ? BYTES : LIST;
  const { start, end } = payload(data, offset, limit, first - kind);
  if (kind === LIST) return { item: decodeList(data, start, end, depth + 1), end };
  // A single byte below 0x80 is its own encoding.
  if (end - start === 1 && (data[start] as number) < BYTES) invalid(offset);
  return { item: data.subarray(start, end), end };
}

function payload(
  data: Uint8Array,
  offset: number,
  limit: number,
  size: number,
): { start: number; end: number } {
  let start = offset + 1;
  let length = size;
  if (size >= SHORT) {
    const width = size - SHORT + 1;
    // Six bytes are beyond any data there is; as a number they are exact.
    if (start + width > limit || width > 6 || data[start] === 0) invalid(offset);
    length = Number(bytesToUint(data.subarray(start, start + width)));
    if (length < SHORT) invalid(offset);
    start += width;
  }
  return start + length > limit ? invalid(offset) : { start, end: start + length };
}

function decodeList(data: Uint8Array, start: number, end: number, depth: number): RlpItem[] {
  if (depth > MAX_DEPTH) invalid(start);
  const items: RlpItem[] = [];
  for (let offset = start; offset < end;) {
    const decoded = decodeItem(data, offset, end, depth);
    items.push(decoded.item);
    offset = decoded.end;
  }
  return items;
}

export const encodeBytes = (data: Uint8Array): Uint8Array =>
  data.length === 1 && (data[0] as number) < BYTES ? data : concatBytes([header(BYTES, data.length), data]);

/** Big endian without leading zeros; 0 is no bytes. */
export const encodeUint = (value: bigint): Uint8Array => encodeBytes(minimalBytes(value));

/** Of encoded items. */
export function encodeList(items: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(items);
  return concatBytes([header(LIST, body.length), body]);
}

export const encodeRlp = (item: RlpItem): Uint8Array =>
  item instanceof Uint8Array ? encodeBytes(item) : encodeList(item.map(encodeRlp));

function header(kind: number, length: number): Uint8Array {
  if (length < SHORT) return Uint8Array.of(kind + length);
  const size = minimalBytes(BigInt(length));
  return Uint8Array.of(kind + SHORT - 1 + size.length, ...size);
}

const minimalBytes = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array() : uintToBytes(value, Math.ceil(value.toString(16).length / 2));
