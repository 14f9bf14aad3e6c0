import { encodeBatch } from "../../protocol/batch.ts";
import { hasCode, StackError } from "../../protocol/errors.ts";
import { formatCommitment } from "../kit/da/commitment.ts";
import { compress } from "../kit/da/compression.ts";
import type { Publication } from "../kit/da/publication.ts";
import { encodeProofRecord, proofRecordHash } from "../kit/jobs/proofRecord.ts";
import { collectAttestations } from "./attestations.ts";
import type { Batch, BatchChunk } from "./batch.ts";
import { encodeSubmission, type RollupFacts, type SubmittableBatch } from "./chain.ts";
import type { BatcherConfig } from "./config.ts";
import type { Cut, CutChunk } from "./cut.ts";
import type { BatcherAction, BatcherView } from "./plan.ts";
import { assertProves, collectInner, requestChunks, resultOf } from "./proofs.ts";
import type { BatcherModules } from "./service.ts";

/** Reverts that say the committee's signatures are wrong, not the batch. */
const ATTESTATION_ERRORS = new Set([
  "AttestationsLengthWrong",
  "CommitteeThresholdNotMet",
  "SignersNotAscending",
  "NotACommitteeMember",
  "ECDSAInvalidSignature",
  "ECDSAInvalidSignatureS",
]);

/** Each action ends with a line in the journal or a transaction of its own name, so repeating it after a crash is harmless. */
export function createActions(config: BatcherConfig, facts: RollupFacts, modules: BatcherModules) {
  const { layer3, da, jobs, sender, journal, logger, clock } = modules;

  async function publish({ reason, chunks }: Cut, { settled, batches }: BatcherView): Promise<void> {
    const previous = batches.at(-1);
    const prev = previous && previous.lastBlock > Number(settled.blockNumber) ? previous.next : settled;
    const firstBlock = chunks[0]!.blocks[0]!.number;
    const lastBlock = chunks.at(-1)!.blocks.at(-1)!.number;
    const next = await layer3.tip(lastBlock);
    const data = encodeBatch(await layer3.blocks(firstBlock, lastBlock, prev, next));
    const commitment = await da.put(compress(data));
    const batch: Batch = {
      ...{ firstBlock, lastBlock, chunks: chunks.map(toBatchChunk), prev, next },
      ...{ dataLength: data.length, dataPointer: formatCommitment(commitment), publishedAtMs: clock.now() },
    };
    await journal.put(batch);
    logger.info("batch published", {
      firstBlock,
      lastBlock,
      reason,
      chunks: chunks.length,
      bytes: data.length,
    });
  }

  async function requestProofs(batch: Batch): Promise<void> {
    const chunkJobs = await requestChunks(batch, facts, layer3, jobs);
    await journal.put({ ...batch, chunkJobs });
    logger.info("proofs requested", { ...range(batch), chunks: chunkJobs.length });
  }

  async function collectProofs(batch: Batch): Promise<void> {
    const inner = await collectInner(batch.chunkJobs!, jobs);
    if (!inner) return;
    assertProves(inner, batch, facts);
    await da.put(encodeProofRecord(inner));
    const proofJob = await jobs.request({ kind: "batch", inner });
    const innerProofHash = `0x${Buffer.from(proofRecordHash(inner)).toString("hex")}`;
    await journal.put({ ...batch, innerProofHash, proofJob });
    logger.info("inner proof published", { ...range(batch), innerProofHash });
  }

  async function attest(batch: Batch): Promise<void> {
    const publication: Publication = {
      ...{ rollup: config.rollup, chainId: facts.chainId, prevDataHash: batch.prev.dataHash },
      ...{ dataHash: batch.next.dataHash, dataLength: batch.dataLength, dataPointer: batch.dataPointer },
      innerProofHash: batch.innerProofHash!,
    };
    const { attesters, supersonicChainId } = config;
    const attestations = await collectAttestations(publication, attesters, facts, supersonicChainId);
    await update(batch, { attestations });
    logger.info("batch attested", { ...range(batch), signatures: facts.threshold });
  }

  async function awaitProof(batch: Batch): Promise<void> {
    const result = await resultOf(batch.proofJob!, jobs);
    if (!result) return;
    assertProves(result.record, batch, facts);
    await update(batch, { provenAtMs: clock.now() });
    logger.info("batch proven", { ...range(batch), seconds: result.seconds });
  }

  async function submit(batch: Batch): Promise<void> {
    const result = await resultOf(batch.proofJob!, jobs);
    if (!result) return;
    const data = encodeSubmission(batch as SubmittableBatch, result.record.proof);
    // The name holds what the batch says: another range, or another history, is another intention.
    const key = `settle ${config.rollup} ${batch.firstBlock}-${batch.lastBlock} ${batch.next.dataHash}`;
    try {
      await sender.advance({ key, to: config.rollup, data });
    } catch (error) {
      if (isAttestationRevert(error)) await update(batch, { attestations: undefined });
      throw error;
    }
  }

  /** Another action of this step may have written the batch too: only the given fields are changed. */
  async function update(
    batch: Batch,
    change: { attestations?: string | undefined; provenAtMs?: number },
  ): Promise<void> {
    const current = journal.all().find(({ firstBlock }) => firstBlock === batch.firstBlock) ?? batch;
    const { attestations, ...rest } = { ...current, ...change };
    await journal.put(attestations === undefined ? rest : { ...rest, attestations });
  }

  /** What the batch was before anything was asked of the queue. */
  async function startOver({ firstBlock, lastBlock, chunks, prev, next, ...rest }: Batch): Promise<void> {
    const { dataLength, dataPointer, publishedAtMs } = rest;
    const published = {
      firstBlock,
      lastBlock,
      chunks,
      prev,
      next,
      dataLength,
      dataPointer,
      publishedAtMs,
    };
    await journal.put(published);
  }

  async function perform(action: Exclude<BatcherAction, { kind: "publish" }>): Promise<void> {
    const { batch } = action;
    switch (action.kind) {
      case "drop":
        logger.warn("batch dropped: it does not continue the settled tip", range(batch));
        return journal.drop(batch);
      case "requestProofs":
        return requestProofs(batch);
      case "collectProofs":
        return collectProofs(batch);
      case "attest":
        return attest(batch);
      case "awaitProof":
        return awaitProof(batch);
      case "submit":
        return submit(batch);
    }
  }

  return {
    async perform(action: BatcherAction, view: BatcherView): Promise<void> {
      if (action.kind === "publish") return publish(action.cut, view);
      try {
        await perform(action);
      } catch (error) {
        if (hasCode(error, "PROOF_JOB_UNKNOWN")) await startOver(action.batch);
        throw error;
      }
    },
  };
}

function toBatchChunk({ circuit, blocks }: CutChunk): BatchChunk {
  const asked = blocks.flatMap(({ oldestAncestor }) => oldestAncestor ?? []);
  const lastBlock = blocks.at(-1)!.number;
  return { circuit, lastBlock, ...(asked.length > 0 ? { oldestAncestor: Math.min(...asked) } : {}) };
}

const range = ({ firstBlock, lastBlock }: Batch) => ({ firstBlock, lastBlock });

const isAttestationRevert = (error: unknown): boolean =>
  error instanceof StackError &&
  error.type.code === "CONTRACT_REVERT" &&
  ATTESTATION_ERRORS.has((error.type as unknown as { error: string }).error);
