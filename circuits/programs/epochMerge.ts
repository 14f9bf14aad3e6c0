/**
 * Program `epochMerge`: the batches of two inner proofs, settled one after the other.
 *
 * Public inputs: an epoch node whose `selfKeyHash` is this program's own key hash (see `batchMerge.ts`).
 *
 *  1. Each inner proof is of a chunk program, of `batchMerge` (a constant key hash) or of the program whose key hash is
 *     `selfKeyHash`. Only the last proves nodes; the others prove statements (I-RECURSION-01).
 *  2. A chunk's `selfKeyHash` is 0, a `batchMerge`'s is its constant, an `epochMerge`'s is ours.
 *  3. A statement settles one batch: settlementOut = hash(SETTLEMENT, [settlementIn, statementHash]).
 *  4. Left's settlementOut is right's settlementIn; batchCount is the sum, below 2^64.
 */
import { Builder, type Built } from "../builder/builder.ts";
import { allowEpochMerge, declareEpochNode, joinNodes, readAsEpochNode } from "./epochNode.ts";
import { type InnerProof, verifyInner } from "./innerProof.ts";
import { assertDistinctKeys, type BatchKeys } from "./keys.ts";
import { allowBatchMerge, allowChunks } from "./statement.ts";

export interface EpochMergeWitness {
  readonly left: InnerProof;
  readonly right: InnerProof;
  /** Accumulator before the left proof's batches, and between the two: read only where the proof is of a statement. */
  readonly settlementIn: bigint;
  readonly settlementBetween: bigint;
  /** This program's own key hash. */
  readonly selfKeyHash: bigint;
}

/** Without a witness: the circuit alone, for its key. */
export function buildEpochMerge(keys: BatchKeys, witness?: EpochMergeWitness): Built {
  assertDistinctKeys(keys.chunks, { batchMerge: keys.batchMerge });
  const b = new Builder(witness ? "prove" : "shape");
  const selfKeyHash = b.witness("selfKeyHash", () => witness!.selfKeyHash);
  const allowed = [
    ...allowChunks(b, keys.chunks),
    allowBatchMerge(b.constant(keys.batchMerge)),
    allowEpochMerge(selfKeyHash),
  ];
  const read = (side: "left" | "right", settlementBefore: () => bigint) => {
    const inner = verifyInner(b, () => witness![side], allowed, side);
    return readAsEpochNode(b, inner, inner.isProgram.get("epochMerge")!, settlementBefore, side);
  };
  const left = read("left", () => witness!.settlementIn);
  const right = read("right", () => witness!.settlementBetween);
  declareEpochNode(b, joinNodes(b, left, right), selfKeyHash);
  return b.finish();
}
