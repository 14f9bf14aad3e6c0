/**
 * Program `batch`: wraps the one proof of a batch for Solidity (target evm-no-zk).
 *
 * Public inputs: the inner proof's statement, with `selfKeyHash` 0.
 *
 *  1. The inner proof is of a chunk program or of `batchMerge`, whose key hash is a constant here.
 *  2. A chunk's `selfKeyHash` is 0, a merge's is `batchMerge`'s key hash: so the tree below it is honest.
 */
import { Builder, type Built } from "../builder/builder.ts";
import { type InnerProof, verifyInner } from "./innerProof.ts";
import { assertDistinctKeys, type BatchKeys } from "./keys.ts";
import { allowBatchMerge, allowChunks, declareStatement, readStatement } from "./statement.ts";

export interface BatchWitness {
  readonly inner: InnerProof;
}

/** Without a witness: the circuit alone, for its key. */
export function buildBatch(keys: BatchKeys, witness?: BatchWitness): Built {
  assertDistinctKeys(keys.chunks, { batchMerge: keys.batchMerge });
  const b = new Builder(witness ? "prove" : "shape");
  const allowed = [...allowChunks(b, keys.chunks), allowBatchMerge(b.constant(keys.batchMerge))];
  const inner = readStatement(verifyInner(b, () => witness!.inner, allowed, "inner").publicInputs);
  declareStatement(b, { ...inner, selfKeyHash: b.zero });
  return b.finish();
}
