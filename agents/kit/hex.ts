/** Bytes as text: `0x` and lower-case hexadecimal digits. Addresses and hashes travel in this form, so that they can be keys of maps. */
export type Hex = `0x${string}`;

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const toHex = (bytes: Uint8Array): Hex => `0x${view(bytes).toString("hex")}`;

/** Assumes an even number of hexadecimal digits after `0x`: validate text from outside with `isHex` first. */
export const fromHex = (text: Hex): Uint8Array => Buffer.from(text.slice(2), "hex");

/** Is it `0x` and whole bytes, exactly `bytes` of them when given? */
export const isHex = (text: string, bytes?: number): text is Hex =>
  /^0x([0-9a-fA-F]{2})*$/.test(text) && (bytes === undefined || text.length === 2 + 2 * bytes);

/** Big-endian unsigned integer. Empty = 0. */
export const bytesToBigInt = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(toHex(bytes)));

/** `value` in `length` bytes, big endian. Assumes it fits. */
export const bigIntToBytes = (value: bigint, length: number): Uint8Array =>
  Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
