/**
 * Program `batchMerge`: two consecutive statements are one.
 *
 * Public inputs: a statement whose `selfKeyHash` is this program's own key hash. A circuit cannot contain its own key,
 * so it takes the hash from outside and demands the same of every inner `batchMerge`; the wrapper (`batch`, `epochMerge`,
 * `epoch`) knows the hash as a constant and requires it (I-RECURSION-02).
 *
 *  1. Each inner proof is of a chunk program, or of the program whose key hash is `selfKeyHash`.
 *  2. A chunk's own `selfKeyHash` is 0, a merge's is ours.
 *  3. Same chain, same gas limit; the left one's next tip is the right one's previous tip.
 *  4. The statement goes from left's previous tip to right's next tip.
 */
import { Builder, type Built } from "../builder/builder.ts";
import { type InnerProof, verifyInner } from "./innerProof.ts";
import { assertDistinctKeys, type ChunkKeys } from "./keys.ts";
import {
  allowBatchMerge,
  allowChunks,
  assertChained,
  declareStatement,
  joinStatements,
  readStatement,
} from "./statement.ts";

export interface BatchMergeWitness {
  readonly left: InnerProof;
  readonly right: InnerProof;
  /** This program's own key hash. */
  readonly selfKeyHash: bigint;
}

/** Without a witness: the circuit alone, for its key. */
export function buildBatchMerge(chunks: ChunkKeys, witness?: BatchMergeWitness): Built {
  assertDistinctKeys(chunks);
  const b = new Builder(witness ? "prove" : "shape");
  const selfKeyHash = b.witness("selfKeyHash", () => witness!.selfKeyHash);
  const allowed = [...allowChunks(b, chunks), allowBatchMerge(selfKeyHash)];
  const left = readStatement(verifyInner(b, () => witness!.left, allowed, "left").publicInputs);
  const right = readStatement(verifyInner(b, () => witness!.right, allowed, "right").publicInputs);
  assertChained(b, left, right);
  declareStatement(b, joinStatements(left, right, selfKeyHash));
  return b.finish();
}
