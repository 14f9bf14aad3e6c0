import { expect } from "chai";
import { AbiCoder, computeAddress, Interface } from "ethers";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAttesterService } from "../../../agents/attester/service.ts";
import { createDaService } from "../../../agents/da/service.ts";
import { createDaClient } from "../../../agents/kit/da/client.ts";
import { formatCommitment, hashOfCommitment } from "../../../agents/kit/da/commitment.ts";
import { compress } from "../../../agents/kit/da/compression.ts";
import type { DataAvailability } from "../../../agents/kit/da/dataAvailability.ts";
import { publicationToJson, type Publication } from "../../../agents/kit/da/publication.ts";
import { createChainReader } from "../../../agents/kit/evm/chainReader.ts";
import type { HttpServer } from "../../../agents/kit/httpServer.ts";
import { encodeProofRecord, type ProofRecord } from "../../../agents/kit/jobs/proofRecord.ts";
import { silentLogger as logger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { dataAvailabilityCommitteeAbi } from "../../../generated/abis/DataAvailabilityCommittee.ts";
import { dataAvailabilityCommitteeBytecode } from "../../../generated/bytecode/DataAvailabilityCommittee.ts";
import { encodeBatch } from "../../../protocol/batch.ts";
import { dataHashOf } from "../../../protocol/block.ts";
import { fieldToHex } from "../../../protocol/field.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import { deploy, DEV_CHAIN_ID, startDevChain, type DevChain } from "../evm/devChain.ts";
import { CHAIN_ID, sequencedBatch, type SequencedBatch } from "./sequencedBatch.ts";

const ROLLUP = "0x00000000000000000000000000000000000000aa";
const MEMBER_KEY = `0x${"a7".repeat(32)}`;
const abi = new Interface(dataAvailabilityCommitteeAbi);

describe("attester", function () {
  this.timeout(60_000);
  let folder: string,
    chain: DevChain,
    committee: string,
    server: HttpServer,
    attester: HttpServer,
    da: DataAvailability;
  let sample: SequencedBatch;
  let publication: Publication;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-attester-"));
    chain = await startDevChain();
    sample = await sequencedBatch(folder);
    const parameters = AbiCoder.defaultAbiCoder().encode(
      ["address[]", "uint256"],
      [[computeAddress(MEMBER_KEY)], 1],
    );
    committee = await deploy(chain, dataAvailabilityCommitteeBytecode + parameters.slice(2));
    const daConfig = { host: "127.0.0.1", port: 0, dataDir: join(folder, "da"), maxBlobBytes: 1 << 20 };
    server = await createDaService(daConfig, { logger, metrics: createMetrics("da") });
    await server.start();
    da = createDaClient({ url: server.url() });
    const keyFile = join(folder, "key");
    await writeFile(keyFile, `${MEMBER_KEY.slice(2)}\n`);
    const attesterConfig = {
      ...{ host: "127.0.0.1", port: 0, da: server.url(), dataDir: join(folder, "kept"), keyFile },
      ...{ committee: { address: committee, chainId: DEV_CHAIN_ID }, maxBlobBytes: 1 << 20 },
      rollups: { [ROLLUP]: { layer3: sample.url } },
    };
    attester = await createAttesterService(attesterConfig, { logger, metrics: createMetrics("attester") });
    await attester.start();
    publication = await publish(sample.data, sample.innerProof);
  });
  after(async () => {
    await Promise.all([attester.stop(), server.stop(), chain.stop(), sample.stop()]);
    await rm(folder, { recursive: true });
  });

  /** Puts both on the DA layer and claims what is true of the sample. */
  async function publish(data: Uint8Array, innerProof: ProofRecord, pack = compress): Promise<Publication> {
    return {
      rollup: ROLLUP,
      chainId: CHAIN_ID,
      prevDataHash: sample.prevDataHash,
      dataHash: sample.dataHash,
      dataLength: data.length,
      dataPointer: formatCommitment(await da.put(pack(data))),
      innerProofHash: await putProof(encodeProofRecord(innerProof)),
    };
  }
  const putProof = async (bytes: Uint8Array): Promise<string> =>
    `0x${Buffer.from(hashOfCommitment(await da.put(bytes))).toString("hex")}`;

  async function attest(body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${attester.url()}/attest`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const refusal = async (lie: Partial<Publication>) => attest(publicationToJson({ ...publication, ...lie }));

  it("signs what is true, in the form the contract accepts", async () => {
    const { status, body } = await attest(publicationToJson(publication));
    expect([status, body.signer]).to.deep.equal([200, computeAddress(MEMBER_KEY)]);
    const reader = createChainReader(chain.rpc);
    await reader.view({ address: committee, abi }, "assertPublished", [
      publicationToJson(publication),
      body.signature,
    ]);
  });

  it("serves from its own disk what it signed", async () => {
    for (const commitment of [publication.dataPointer, `0x00${publication.innerProofHash.slice(2)}`])
      expect((await fetch(`${attester.url()}/get/${commitment}`)).status).to.equal(200);
    expect((await fetch(`${attester.url()}/get/0x00${"11".repeat(32)}`)).status).to.equal(404);
  });

  it("refuses another data hash", async () => {
    expect(await refusal({ dataHash: 1n })).to.deep.equal({
      status: 422,
      body: {
        code: "ATTEST_DATA_HASH_MISMATCH",
        expected: fieldToHex(1n),
        actual: fieldToHex(sample.dataHash),
      },
    });
  });
  it("refuses another previous hash", async () => {
    expect((await refusal({ prevDataHash: 1n })).body.code).to.equal("ATTEST_DATA_HASH_MISMATCH");
  });
  it("refuses another length", async () => {
    expect(await refusal({ dataLength: 5 })).to.deep.equal({
      status: 422,
      body: { code: "ATTEST_DATA_LENGTH_MISMATCH", expected: 5, actual: sample.data.length },
    });
  });
  it("refuses another chain's inner proof", async () => {
    expect((await refusal({ chainId: 5n })).body).to.include({
      code: "ATTEST_INNER_PROOF_MISMATCH",
      input: "chainId",
      expected: fieldToHex(5n),
    });
  });

  const withStatement = (change: Partial<typeof sample.statement>): ProofRecord => ({
    ...sample.innerProof,
    publicInputs: statementToFields({ ...sample.statement, ...change }),
  });
  for (const side of ["prev", "next"] as const)
    it(`refuses an inner proof about another ${side} block`, async () => {
      const other = withStatement({ [side]: { ...sample.statement[side], dataHash: 9n } });
      const { body } = await attest(publicationToJson(await publish(sample.data, other)));
      expect(body).to.include({ code: "ATTEST_INNER_PROOF_MISMATCH", input: `${side}.dataHash` });
    });

  it("does not sign what it cannot fetch, and leaves the door open", async () => {
    for (const lie of [
      { dataPointer: `0x00${"11".repeat(32)}` },
      { innerProofHash: `0x${"22".repeat(32)}` },
    ]) {
      const { status, body } = await refusal(lie);
      expect([status, body.code]).to.deep.equal([503, "DA_NOT_FOUND"]);
    }
  });
  it("refuses a pointer of a kind it cannot follow", async () => {
    const { status, body } = await refusal({ dataPointer: `0x01${"11".repeat(40)}` });
    expect([status, body.code]).to.deep.equal([422, "DA_COMMITMENT_INVALID"]);
  });
  it("refuses an inner proof that is none", async () => {
    const { status, body } = await refusal({ innerProofHash: await putProof(Buffer.from("no proof")) });
    expect([status, body.code]).to.deep.equal([422, "PROOF_RECORD_MALFORMED"]);
  });
  it("refuses data that is not compressed, too large, or no batch", async () => {
    const codeOf = async (data: Uint8Array, pack?: (data: Uint8Array) => Uint8Array) => {
      const claim = await publish(data, sample.innerProof, pack);
      const { status, body } = await attest(publicationToJson(claim));
      return [status, body.code];
    };
    expect(await codeOf(sample.data, (data) => data)).to.deep.equal([422, "DA_NOT_COMPRESSED_DATA"]);
    expect(await codeOf(new Uint8Array(40 << 20))).to.deep.equal([422, "DA_DECOMPRESSION_BOMB"]);
    expect(await codeOf(Uint8Array.of(2, 0, 0, 0, 1))).to.deep.equal([422, "BATCH_VERSION"]);
    expect(await codeOf(Buffer.concat([sample.data, Buffer.of(0)]))).to.deep.equal([422, "BYTES_TRAILING"]);
  });
  it("refuses a batch with other blocks than those whose hash is claimed", async () => {
    const blocks = sample.blocks.map((block, i) => (i === 1 ? { ...block, gasLimit: 1n } : block));
    const { body } = await attest(publicationToJson(await publish(encodeBatch(blocks), sample.innerProof)));
    expect(body.code).to.equal("ATTEST_DATA_HASH_MISMATCH");
  });
  it("refuses valid blocks that are not the sequencer's", async () => {
    const blocks = sample.blocks
      .slice(0, 2)
      .concat({ ...sample.blocks[2]!, timestamp: sample.blocks[2]!.timestamp + 1n });
    const dataHash = dataHashOf(sample.prevDataHash, blocks);
    const next = { ...sample.statement.next, dataHash };
    const claim = { ...(await publish(encodeBatch(blocks), withStatement({ next }))), dataHash };
    expect(await attest(publicationToJson(claim))).to.deep.equal({
      status: 422,
      body: {
        code: "ATTEST_NOT_SEQUENCED",
        block: "3",
        sequenced: fieldToHex(sample.dataHash),
        claimed: fieldToHex(dataHash),
      },
    });
  });
  it("refuses a rollup it does not know", async () => {
    const rollup = "0x00000000000000000000000000000000000000bb";
    expect(await refusal({ rollup })).to.deep.equal({
      status: 422,
      body: { code: "ATTEST_ROLLUP_UNKNOWN", rollup },
    });
  });
  it("refuses a body that is no publication", async () => {
    const whole = publicationToJson(publication);
    for (const body of [
      {},
      { ...whole, extra: 1 },
      { ...whole, rollup: "0x1" },
      { ...whole, dataLength: -1 },
    ])
      expect(await attest(body)).to.have.property("status", 400);
  });
});
