/** The statement in wires: the previous tip with checked widths, and the declaration of all inputs. */
import type { Builder } from "../../builder/builder.ts";
import { promiseBits, witnessBits, witnessU64 } from "../../builder/ranges.ts";
import type { U64, Wire } from "../../builder/wire.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import { declareStatement, type StatementWires } from "../statement.ts";

export interface TipWires {
  readonly stateRoot: Wire;
  readonly dataHash: Wire;
  readonly blockNumber: U64;
  readonly timestamp: U64;
  readonly baseFee: U64;
  readonly gasUsed: U64;
}

export interface ChainWires {
  readonly chainId: U64;
  readonly gasLimit: U64;
  readonly previous: TipWires;
}

export interface ChainValues {
  readonly chainId: bigint;
  readonly gasLimit: bigint;
  readonly previous: ChainTip;
}

/**
 * Proves: chainId < 2^62, blockNumber < 2^63, the other integers below 2^64.
 * A block number above would let a later one leave its 8 bytes.
 */
export function witnessChain(b: Builder, values: () => ChainValues): ChainWires {
  return b.scope("previous", () => {
    const tip = (): ChainTip => values().previous;
    const narrow = (name: string, bits: number, value: () => bigint): U64 =>
      promiseBits(b, witnessBits(b, bits, name, value), 64, name);
    return {
      chainId: narrow("chainId", 62, () => values().chainId),
      gasLimit: witnessU64(b, "gasLimit", () => values().gasLimit),
      previous: {
        stateRoot: b.witness("stateRoot", () => tip().stateRoot),
        dataHash: b.witness("dataHash", () => tip().dataHash),
        blockNumber: narrow("blockNumber", 63, () => tip().blockNumber),
        timestamp: witnessU64(b, "timestamp", () => tip().timestamp),
        baseFee: witnessU64(b, "baseFee", () => tip().baseFee),
        gasUsed: witnessU64(b, "gasUsed", () => tip().gasUsed),
      },
    };
  });
}

/** Declares the public inputs. */
export function publishStatement(b: Builder, chain: ChainWires, next: TipWires): void {
  const tip = (name: string, wires: TipWires): [string, Wire][] =>
    Object.entries(wires).map(([field, wire]) => [`${name}.${field}`, wire as Wire]);
  const entries: [string, Wire][] = [...tip("prev", chain.previous), ...tip("next", next)];
  const rest = { chainId: chain.chainId, gasLimit: chain.gasLimit, selfKeyHash: b.zero };
  declareStatement(b, { ...Object.fromEntries(entries), ...rest } as Record<string, Wire> as StatementWires);
}
