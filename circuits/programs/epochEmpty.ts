/**
 * Program `epochEmpty`: an epoch node without batches.
 *
 * Public inputs: settlementIn, settlementOut, batchCount = 0, selfKeyHash = 0, zeros.
 *
 *  1. settlementOut = settlementIn.
 */
import { assertEqual } from "../builder/arithmetic.ts";
import { Builder, type Built } from "../builder/builder.ts";
import { declareEpochNode } from "./epochNode.ts";

export interface EpochEmptyWitness {
  readonly settlement: bigint;
}

/** Without a witness: the circuit alone, for its key. */
export function buildEpochEmpty(witness?: EpochEmptyWitness): Built {
  const b = new Builder(witness ? "prove" : "shape");
  const settlementIn = b.witness("settlementIn", () => witness!.settlement);
  const settlementOut = b.witness("settlementOut", () => witness!.settlement);
  assertEqual(b, settlementIn, settlementOut, "nothing was settled");
  declareEpochNode(b, { settlementIn, settlementOut, batchCount: b.zero }, b.zero);
  return b.finish();
}
