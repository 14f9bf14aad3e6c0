/**
 * A recursive verification leaves its pairing for later: it gives two points, and whoever verifies the outermost proof must
 * check them. Attack: an inner proof of which only the pairing is wrong (its last commitment is another point of the curve).
 * Every constraint of every outer circuit holds, and only the points handed up can tell.
 */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../../circuits/programs/batchMerge.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import type { BatchKeys } from "../../../circuits/programs/keys.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import { sampleStatement } from "../programs/sampleStatements.ts";
import { anyStatement, RECURSIVE, RecursionProvers } from "../roundtrip/recursionProvers.ts";

/** Of the curve BN254, whose points commitments are. */
const BASE_FIELD = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
/** A coordinate is two fields: its low 136 bits and the rest. */
const LOW_BITS = 136n;

/** The proof with the point whose y begins at field `at` turned to its negative, which is on the curve as well. */
function negatePoint(inner: InnerProof, at: number): InnerProof {
  const proof = [...inner.proof];
  const y = proof[at]! + (proof[at + 1]! << LOW_BITS);
  const negative = BASE_FIELD - y;
  proof[at] = negative & ((1n << LOW_BITS) - 1n);
  proof[at + 1] = negative >> LOW_BITS;
  return { ...inner, proof };
}

/** The commitment to the KZG quotient is the last point of a proof; nothing but the pairing reads it. */
const wrongPairing = (inner: InnerProof): InnerProof => negatePoint(inner, inner.proof.length - 2);

describe("audit: pairing points, proven", function () {
  this.timeout(900_000);

  let provers: RecursionProvers;
  let keys: BatchKeys;

  before(async () => {
    provers = await RecursionProvers.create();
    const chunks = { chunk: await provers.add("chunk", RECURSIVE, anyStatement()) };
    keys = { chunks, batchMerge: await provers.add("batchMerge", RECURSIVE, buildBatchMerge(chunks)) };
    await provers.add("batch", "evm-no-zk", buildBatch(keys));
  });

  const proofOf = (first: bigint, last: bigint): Promise<InnerProof> =>
    provers.inner("chunk", anyStatement(statementToFields(sampleStatement(first, last))));

  const judge = async (proof: InnerProof): Promise<string> => {
    const built = buildBatch(keys, { inner: proof });
    expect(check(built.circuit, built.witness).broken).to.deep.equal([]);
    return provers.of("batch").judge(built.witness);
  };

  it("a wrong pairing one level down is refused", async () => {
    const good = await proofOf(0n, 4n);
    expect(await judge(good)).to.equal("accepted");
    expect(await judge(wrongPairing(good))).to.equal("refused by the verifier");
  });

  it("a wrong pairing two levels down is refused: a merge hands its points on", async () => {
    const [left, right] = [wrongPairing(await proofOf(0n, 4n)), await proofOf(4n, 6n)];
    const merged = await provers.inner(
      "batchMerge",
      buildBatchMerge(keys.chunks, { left, right, selfKeyHash: keys.batchMerge }),
    );
    expect(await judge(merged)).to.equal("refused by the verifier");
  });

  it("a key with one field changed is refused, though its hash is the right one", async () => {
    const good = await proofOf(0n, 4n);
    for (const field of [1, 2]) {
      const key = good.key.map((value, i) => (i === field ? value + 1n : value));
      expect(await judge({ ...good, key }), `key field ${field}`).to.not.equal("accepted");
    }
  });
});
