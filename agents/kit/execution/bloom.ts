import { fromHex, type Hex } from "../hex.ts";
import { keccak256 } from "./keccak256.ts";
import type { Log } from "./receipt.ts";

/** A Bloom filter of 2,048 bits over the addresses and topics of logs (yellow paper, 4.3.1). */
export const BLOOM_BYTES = 256;

export const emptyBloom = (): Uint8Array => new Uint8Array(BLOOM_BYTES);

export function logsBloom(logs: readonly Log[]): Uint8Array {
  const bloom = emptyBloom();
  for (const { address, topics } of logs)
    for (const item of [address, ...topics])
      for (const bit of bitsOf(item)) bloom[bit >> 3]! |= 0x80 >> (bit & 7);
  return bloom;
}

export function joinBlooms(blooms: readonly Uint8Array[]): Uint8Array {
  const joined = emptyBloom();
  for (const bloom of blooms) for (let i = 0; i < BLOOM_BYTES; i++) joined[i]! |= bloom[i]!;
  return joined;
}

/** False: certainly not in it. */
export const bloomMayContain = (bloom: Uint8Array, item: Hex): boolean =>
  bitsOf(item).every((bit) => (bloom[bit >> 3]! & (0x80 >> (bit & 7))) !== 0);

/** Three bits, counted from the filter's most significant one. */
function bitsOf(item: Hex): number[] {
  const hash = keccak256(fromHex(item));
  return [0, 2, 4].map((i) => 2047 - ((hash[i]! * 256 + hash[i + 1]!) & 2047));
}
