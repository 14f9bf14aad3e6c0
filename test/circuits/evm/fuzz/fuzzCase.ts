/** A case of the fuzz as plain data, so that it can be shrunk, and kept as a file. */
import type { Hex } from "../../../../agents/kit/hex.ts";

export interface FuzzContract {
  readonly address: Hex;
  readonly code: Hex;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly storage: readonly (readonly [slot: bigint, value: bigint])[];
}

export interface FuzzTransaction {
  /** Number of the wallet. */
  readonly from: number;
  readonly type: 0 | 1 | 2;
  readonly to: Hex | null;
  readonly data: Hex;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly accessList: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[];
}

export interface FuzzBlock {
  /** After the block before. */
  readonly seconds: bigint;
  readonly feeRecipient: Hex;
  readonly transactions: readonly FuzzTransaction[];
}

export interface FuzzCase {
  readonly contracts: readonly FuzzContract[];
  /** Executed, not proven. */
  readonly setup: readonly FuzzBlock[];
  /** One chunk. */
  readonly blocks: readonly FuzzBlock[];
  /** Seed of the room that the profile has beyond what the chunk takes; 0: none, -1: some of everything. */
  readonly slack: number;
}

const BIGINT = /^(\d+)n$/;

export const caseToText = (fuzzCase: FuzzCase): string =>
  JSON.stringify(fuzzCase, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value), 2) + "\n"; // prettier-ignore

export const caseOfText = (text: string): FuzzCase =>
  JSON.parse(text, (_key, value: unknown) => {
    const found = typeof value === "string" ? BIGINT.exec(value) : null;
    return found === null ? value : BigInt(found[1]!);
  }) as FuzzCase;
