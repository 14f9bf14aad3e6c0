/** Random values for property tests, from a printed seed so that a failure can be run again. */
import { FIELD_MODULUS } from "../../protocol/field.ts";
import type { Field } from "../../protocol/field.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../../protocol/bytes.ts";

export class Random {
  readonly seed: string;
  #counter = 0;

  /** `BVM_TEST_SEED` repeats a run. */
  constructor(seed = process.env["BVM_TEST_SEED"] ?? String(Date.now())) {
    this.seed = seed;
  }

  bytes(length: number): Uint8Array {
    const blocks: Uint8Array[] = [];
    for (let n = 0; n < length; n += 32)
      blocks.push(sha256(new TextEncoder().encode(`${this.seed}/${this.#counter++}`)));
    return concatBytes(blocks).slice(0, length);
  }

  bits(count: number): bigint {
    const value = this.bytes(Math.ceil(count / 8) + 1).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return BigInt.asUintN(count, value);
  }

  field = (): Field => this.bits(300) % FIELD_MODULUS;
  below = (limit: number): number => Number(this.bits(64) % BigInt(limit));
  pick = <T>(items: readonly T[]): T => items[this.below(items.length)] as T;
}
