/**
 * The shortest round trip through recursion: a chunk's proof in `batch`, judged by the generated Solidity verifier. Merges,
 * epochs and forged inner proofs: test/circuits/slow.
 */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import type { BatchKeys } from "../../../circuits/programs/keys.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import { sampleStatement } from "../programs/sampleStatements.ts";
import { anyStatement, RECURSIVE, RecursionProvers } from "./recursionProvers.ts";

/** No merge is proven here, and the making of its key would take longer than the rest: any hash stands for it. */
const MERGE_KEY = 777n;

describe("recursion, proven", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(1_800_000);

  const statement = statementToFields(sampleStatement(0n, 4n));
  let provers: RecursionProvers;
  let keys: BatchKeys;

  before(async () => {
    provers = await RecursionProvers.create();
    const chunk = await provers.add("chunk", RECURSIVE, anyStatement());
    await provers.add("otherChunk", RECURSIVE, anyStatement(undefined, 1n));
    keys = { chunks: { chunk }, batchMerge: MERGE_KEY };
    await provers.add("batchOfChunk", "evm-no-zk", buildBatch(keys));
  });

  it("batch wraps a chunk and Solidity accepts it, with its statement and no other", async () => {
    const inner = await provers.inner("chunk", anyStatement(statement));
    const batch = provers.of("batchOfChunk");
    const { proof, publicInputs } = await batch.prove(buildBatch(keys, { inner }).witness);
    expect(publicInputs).to.deep.equal(statement);
    expect(await batch.verify(proof, publicInputs)).to.equal(true);
    const altered = publicInputs.map((value, i) => (i === 3 ? value + 1n : value));
    expect(await batch.verify(proof, altered)).to.equal(false);
  });

  it("a proof of a program that is not allowed is refused, even named as one that is", async () => {
    const evil = await provers.inner("otherChunk", anyStatement(statement, 1n));
    const built = buildBatch(keys, { inner: { ...evil, keyHash: keys.chunks["chunk"]! } });
    expect(check(built.circuit, built.witness).broken, "only the recursion is wrong").to.deep.equal([]);
    expect(await provers.of("batchOfChunk").judge(built.witness)).to.not.equal("accepted");
  });
});
