/**
 * Program `epoch`: what the light node checks (target evm-no-zk). Constant in size, however many batches were settled.
 *
 * Public inputs: context, settlementIn, settlementOut, batchCount.
 *
 *  1. The inner proof is of a chunk program, `batchMerge`, `epochMerge` or `epochEmpty`: all constant key hashes.
 *  2. A chunk's and `epochEmpty`'s `selfKeyHash` is 0, a merge's is its own constant.
 *  3. `epochMerge` and `epochEmpty` prove nodes, the others statements: a statement settles one batch.
 *  4. `context` ties the proof to its inscription. Nothing is proven of it; as a public input it is part of the
 *     proof's transcript, and its square makes it part of a constraint too.
 */
import { mul } from "../builder/arithmetic.ts";
import { or } from "../builder/bool.ts";
import { Builder, type Built } from "../builder/builder.ts";
import { EPOCH_INPUTS } from "../../protocol/publicInputs.ts";
import { allowEpochEmpty, allowEpochMerge, readAsEpochNode } from "./epochNode.ts";
import { type InnerProof, verifyInner } from "./innerProof.ts";
import { assertDistinctKeys, type EpochKeys } from "./keys.ts";
import { allowBatchMerge, allowChunks } from "./statement.ts";

export interface EpochWitness {
  readonly context: bigint;
  readonly inner: InnerProof;
  /** Accumulator before the epoch: read only where the inner proof is of a statement. */
  readonly settlementIn: bigint;
}

/** Without a witness: the circuit alone, for its key. */
export function buildEpoch(keys: EpochKeys, witness?: EpochWitness): Built {
  const { chunks, batchMerge, epochMerge, epochEmpty } = keys;
  assertDistinctKeys(chunks, { batchMerge, epochMerge, epochEmpty });
  const b = new Builder(witness ? "prove" : "shape");
  const context = b.witness("context", () => witness!.context);
  mul(b, context, context, "contextSquare");
  const allowed = [
    ...allowChunks(b, chunks),
    allowBatchMerge(b.constant(batchMerge)),
    allowEpochMerge(b.constant(epochMerge)),
    allowEpochEmpty(b, b.constant(epochEmpty)),
  ];
  const inner = verifyInner(b, () => witness!.inner, allowed, "inner");
  const [merged, empty] = [inner.isProgram.get("epochMerge")!, inner.isProgram.get("epochEmpty")!];
  const isNode = or(b, merged, empty, "isNode");
  const node = readAsEpochNode(b, inner, isNode, () => witness!.settlementIn, "node");
  const wires = { context, ...node };
  for (const name of EPOCH_INPUTS) b.publicInput(wires[name], name);
  return b.finish();
}
