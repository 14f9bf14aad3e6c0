import { expect } from "chai";
import { Wallet } from "ethers";
import type { RollupFacts } from "../../../agents/batcher/chain.ts";
import { createLayer3 } from "../../../agents/batcher/layer3.ts";
import { batcherConfigSchema } from "../../../agents/batcher/config.ts";
import { requestChunks } from "../../../agents/batcher/proofs.ts";
import { createBatcherService, type BatcherModules } from "../../../agents/batcher/service.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { createEvmRpc, type EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import type { Hex } from "../../../agents/kit/hex.ts";
import type { JobClient } from "../../../agents/kit/jobs/client.ts";
import { decodeJob, encodeJob, type Job, jobId } from "../../../agents/kit/jobs/job.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { fillChunk } from "../../../agents/prover/chunk.ts";
import { ancestorHashes, MAX_ANCESTORS, noAncestors } from "../../../protocol/ancestors.ts";
import { FIELD_MODULUS, fieldToHex } from "../../../protocol/field.ts";
import { EVM_PROOFS } from "../../../protocol/programs/evmChunks.ts";
import { expectError } from "../../protocol/expectError.ts";
import { eventually } from "../jobs/processes.ts";
import { call, genesis, RICH_KEY, runNode, type RunningNode } from "../node/rpc/runningNode.ts";
import { refusalOf } from "../node/sequencerFixture.ts";

const CHAIN_ID = 4243;
type Answer = Record<string, unknown>;

describe("what a batcher asks of an L3's node", () => {
  let node: RunningNode, rpc: EvmRpc, block: number, chunk: Extract<Job, { kind: "chunk" }>;
  const layer3 = () => createLayer3(rpc);
  /** The node with one answer changed. */
  const lying = (method: string, lie: (answer: Answer) => unknown) =>
    createLayer3({
      ...rpc,
      async call<T>(asked: string, params?: readonly unknown[]) {
        const answer = await rpc.call<Answer>(asked, params as unknown[]);
        return (asked === method ? lie(answer) : answer) as T;
      },
    });

  before(async () => {
    node = await runNode({ ...genesis, chainId: CHAIN_ID, program: "evm" });
    rpc = createEvmRpc({ url: node.url });
    const to = `0x${"77".repeat(20)}`;
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
    const raw = await new Wallet(RICH_KEY).signTransaction({
      ...{ type: 2, chainId: CHAIN_ID, nonce: 0, to, value: 5n, ...fees },
    });
    const hash = await rpc.call<Hex>("eth_sendRawTransaction", [raw]);
    const receipt = async () => (await rpc.call<{ blockNumber: Hex }>("eth_getTransactionReceipt", [hash]))!;
    block = Number((await receipt()).blockNumber);
    await eventually(async () => (await layer3().head()) >= block + 3, 30_000);
  });
  after(() => node.stop());

  it("summaries: what each block uses of the capacities of the chain's program", async () => {
    const [first, second] = await layer3().summaries(block, block + 1);
    expect(first).to.include({ number: block, transactions: 1, oldestAncestor: undefined });
    // The recipient and the fee recipient are new.
    expect(first!.use).to.include({ blocks: 1, transactions: 1, treeInsertions: 2 });
    expect(second!.use).to.deep.equal(EVM_PROOFS.emptyBlock);
    expect((await refusalOf(layer3().summaries(999_999, 999_999))).code).to.equal("LAYER3_BLOCK_MISSING");
  });

  it("refuses summaries that are not what the node's interface says", async () => {
    const lies: ((answer: Answer) => unknown)[] = [
      () => "0x",
      ({ use }) => ({ use }),
      (answer) => ({ ...answer, more: 1 }),
      (answer) => ({ ...answer, use: { transactions: -1 } }),
      (answer) => ({ ...answer, use: { transactions: 0.5 } }),
      (answer) => ({ ...answer, use: { ["x".repeat(33)]: 1 } }),
      (answer) => ({ ...answer, oldestAncestor: "0x01" }),
      (answer) => ({ ...answer, oldestAncestor: 1 }),
      (answer) => ({ ...answer, oldestAncestor: "0xffffffffffffff" }),
    ];
    for (const lie of lies) {
      const refusal = await refusalOf(lying("bvm_getProvingNeeds", lie).summaries(block, block));
      expect(refusal).to.include({ code: "LAYER3_ANSWER_MALFORMED", method: "bvm_getProvingNeeds" });
    }
  });

  it("ancestors: what the hashes up to the block before a chunk are made of, and none where none is needed", async () => {
    const prev = await layer3().tip(3);
    const ancestors = await layer3().ancestors(0, prev);
    const tips = await Promise.all([0, 1, 2, 3].map(layer3().tip));
    expect(ancestorHashes(ancestors, prev.dataHash)).to.deep.equal(tips.map(({ dataHash }) => dataHash));
    for (const oldest of [undefined, 3, 4])
      expect(await layer3().ancestors(oldest, prev)).to.deep.equal(noAncestors(prev.dataHash));
  });

  it("refuses ancestors that do not lead to the chunk, or are malformed", async () => {
    const prev = await layer3().tip(3);
    const asked = (lie: (answer: { oldest: string; digests: string[] }) => unknown) =>
      refusalOf(lying("bvm_getAncestors", lie as never).ancestors(0, prev)).then(({ code }) => code);
    const other = fieldToHex(5n);
    expect(await asked((a) => ({ ...a, oldest: other }))).to.equal("ANCESTORS_MISMATCH");
    expect(await asked((a) => ({ ...a, digests: a.digests.with(1, other) }))).to.equal("ANCESTORS_MISMATCH");
    expect(await asked((a) => ({ ...a, digests: a.digests.slice(1) }))).to.equal("ANCESTORS_MISMATCH");
    const malformed: ((answer: { oldest: string; digests: string[] }) => unknown)[] = [
      (a) => ({ ...a, more: 1 }),
      (a) => ({ ...a, oldest: "0x5" }),
      (a) => ({ ...a, oldest: `0x${FIELD_MODULUS.toString(16)}` }),
      (a) => ({ ...a, digests: Array<string>(MAX_ANCESTORS + 1).fill(other) }),
      () => [],
    ];
    for (const lie of malformed) expect(await asked(lie)).to.equal("LAYER3_ANSWER_MALFORMED");
  });

  it("the node refuses a range of ancestors that BLOCKHASH does not reach, and knows none that are not sealed", async () => {
    const ranges = [
      ["0x2", "0x1"],
      ["0x0", "0x100"],
    ];
    for (const range of ranges) {
      const { error } = await call(node.url, "bvm_getAncestors", ...range);
      expect(error).to.include({ code: -32602 });
      expect(error!.data).to.include({ code: "ANCESTORS_RANGE_INVALID", limit: 255 });
    }
    expect((await call(node.url, "bvm_getAncestors", "0xffff0", "0xfffff")).result).to.equal(null);
    expect((await call(node.url, "bvm_getProvingNeeds", "0xfffff")).result).to.equal(null);
    expect((await call(node.url, "bvm_getProvingNeeds", "0x0")).result).to.equal(null);
  });

  it("asks for a chunk with its circuit, and with the ancestors that its blocks asked for", async () => {
    const asked: Job[] = [];
    const jobs = { request: async (job: Job) => (asked.push(job), jobId(job)) } as unknown as JobClient;
    const [prev, next] = [await layer3().tip(block - 1), await layer3().tip(block + 2)];
    const chunks = [
      { circuit: "evm-small", lastBlock: block },
      { circuit: "another", lastBlock: block + 2, oldestAncestor: block - 1 },
    ];
    const batch = {
      ...{ firstBlock: block, lastBlock: block + 2, chunks, prev, next },
      ...{ dataLength: 1, dataPointer: "0x00", publishedAtMs: 0 },
    };
    const facts = { chainId: BigInt(CHAIN_ID), gasLimit: 30_000_000n } as RollupFacts;
    const ids = await requestChunks(batch, facts, layer3(), jobs);
    const between = await layer3().tip(block);
    expect(ids).to.deep.equal(asked.map(jobId));
    const [first, second] = asked.map((job) => decodeJob("", encodeJob(job))) as (typeof chunk)[];
    expect(first).to.deep.include({ circuit: "evm-small", prev, ancestors: noAncestors(prev.dataHash) });
    expect(second).to.deep.include({ circuit: "another", prev: between });
    expect(second!.blocks.length).to.equal(2);
    expect(ancestorHashes(second!.ancestors, between.dataHash)[0]).to.equal(prev.dataHash);
    chunk = first!;
  });

  it("a batcher of a chain that nothing proves says so, and does nothing", async () => {
    const config = batcherConfigSchema.parse({
      ...{ port: 0, dataDir: "-", keyFile: "-", supersonic: node.url, supersonicChainId: 1, da: node.url },
      ...{ rollup: `0x${"00".repeat(20)}`, layer3: node.url, attesters: [node.url], jobs: "-" },
    });
    const facts = { chainId: BigInt(CHAIN_ID), gasLimit: 30_000_000n };
    const batcher = createBatcherService(config, {
      ...{ logger: silentLogger, metrics: createMetrics("batcher"), clock: systemClock },
      settlement: { facts: async () => facts },
      layer3: lying("bvm_chainInfo", (info) => ({ ...info, program: "none" })),
    } as unknown as BatcherModules);
    expect(await refusalOf(batcher.step())).to.include({ code: "LAYER3_NOT_PROVEN", program: "none" });
  });

  it("a job that lies is refused by the prover, by name", async () => {
    const wrong = { oldest: chunk.prev.dataHash, digests: [1n] };
    expectError(() => fillChunk({ ...chunk, ancestors: wrong }), { code: "ANCESTORS_MISMATCH" });
    const other = { ...chunk, ancestors: noAncestors(chunk.prev.dataHash + 1n) };
    expectError(() => fillChunk(other), { code: "ANCESTORS_MISMATCH" });
    expectError(() => fillChunk({ ...chunk, witnesses: [] }), {
      ...{ code: "BLOCKS_AND_WITNESSES_DIFFER", blocks: 1, witnesses: 0 },
    });
    expectError(() => fillChunk({ ...chunk, circuit: "unheard" }), {
      ...{ code: "CHUNK_CIRCUIT_UNKNOWN", circuit: "unheard" },
    });
    const blocks = [chunk.blocks[0]!.with(0, 1)];
    expectError(() => fillChunk({ ...chunk, blocks }), { code: "BLOCK_NUMBER_MISMATCH" });
  });

  it("a job of another form is none", () => {
    const decoded = (change: object) => () => decodeJob("id", encodeJob({ ...chunk, ...change } as Job));
    expect(decoded({})()).to.deep.equal(chunk);
    const { ancestors } = chunk;
    const forms = [
      { ancestors: [] },
      { ancestors: { ...ancestors, more: 1n } },
      { ancestors: { ...ancestors, oldest: FIELD_MODULUS } },
      { ancestors: { ...ancestors, digests: Array<bigint>(MAX_ANCESTORS + 1).fill(1n) } },
      { circuit: "x".repeat(33) },
      { program: "evm" },
    ];
    for (const form of forms) expectError(decoded(form), { code: "JOB_MALFORMED", id: "id" });
  });
});
