import { dataHashOf, type BlockData } from "../../protocol/block.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { StackError } from "../../protocol/errors.ts";
import {
  contextOf,
  decodeBody,
  encodeBody,
  epochInputsOf,
  type EpochCommitment,
} from "../../protocol/inscription/commitment.ts";
import { epochToFields, statementToFields } from "../../protocol/publicInputs.ts";
import type { Clock } from "../kit/clock.ts";
import { commitmentOfHash } from "../kit/da/commitment.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { NetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import {
  applySettlementLogs,
  emptySettlementView,
  type SettledBatch,
  type SettlementView,
} from "../kit/epoch/settlementView.ts";
import { fromHex } from "../kit/hex.ts";
import { decodeProofRecord, type ProofRecord } from "../kit/jobs/proofRecord.ts";
import { verifyInEvm } from "../kit/verifier/verifyInEvm.ts";
import type { EpochBefore, EpochBuilder, EpochProgress } from "./epochBuilder.ts";
import { publishBlocks } from "./epochData.ts";
import type { EpochProver } from "./epochProver.ts";
import { epochRange, type EpochLength } from "./epochRange.ts";
import type { EpochRange } from "./plan.ts";
import type { Supersonic } from "./supersonic.ts";

export type EpochBuildError =
  /** Supersonic's node is on another chain than the inscriptions. */
  | { code: "SUPERSONIC_DIVERGED"; block: number; what: string; expected: bigint; actual: bigint }
  /** The published inner proof is about something else than the batch it settled with. */
  | { code: "INNER_PROOF_MISMATCH"; rollup: string; batchIndex: bigint }
  /** Inscribing it would waste the fee: light nodes refuse it. */
  | { code: "EPOCH_PROOF_INVALID"; epoch: number }
  | { code: "EPOCH_KEY_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "EPOCH_FOREIGN"; expected: bigint; actual: bigint };

const fail = (type: EpochBuildError): never => {
  throw new StackError(type, "fatal");
};

export interface SupersonicEpochsModules {
  supersonic: Supersonic;
  da: DataAvailability;
  prover: EpochProver;
  genesis: NetworkGenesis;
  chainId: bigint;
  length: EpochLength;
  clock: Clock;
}

/** What is known of the epoch under way. */
interface Building {
  readonly epoch: number;
  readonly range: EpochRange;
  readonly published: NonNullable<EpochProgress["published"]>;
  readonly commitment: EpochCommitment;
  readonly job: string;
}

/** Epochs of Supersonic: its blocks to the DA layer, its settled batches to the provers, both into one body. */
export function createSupersonicEpochs(modules: SupersonicEpochsModules): EpochBuilder {
  const { supersonic, da, prover, genesis, chainId, length, clock } = modules;
  const keyHash = BigInt(genesis.epoch.keyHash);
  let building: Building | undefined;
  let progress: EpochProgress | undefined;
  /** The settlement contracts after a block: read once, then carried on. */
  let known: { view: SettlementView; block: number } = { view: emptySettlementView, block: 0 };

  async function advanceView(first: number, last: number) {
    const logs = await supersonic.settlementLogs(first, last);
    return applySettlementLogs(known.view, logs, genesis.settlement);
  }

  /** The view after `block`. Events alone rebuild it. */
  async function viewAfter(block: number): Promise<SettlementView> {
    if (known.block > block) known = { view: emptySettlementView, block: 0 };
    if (known.block < block) known = { view: (await advanceView(known.block + 1, block)).view, block };
    return known.view;
  }

  async function prepare(
    epoch: number,
    range: EpochRange,
    before: EpochBefore | undefined,
  ): Promise<Building> {
    progress = { epoch, ...range, published: undefined };
    const blocks = await readBlocks(range);
    const from = await supersonic.header(range.firstBlock - 1);
    const to = await supersonic.header(range.lastBlock);
    const view = await viewAfter(range.firstBlock - 1);
    if (before) assertContinues(decodeBody(before.body).commitment, range, from, view);
    expectSame(range.lastBlock, "dataHash", to.dataHash, dataHashOf(from.dataHash, blocks));

    const settled = await advanceView(range.firstBlock, range.lastBlock);
    const batches: ProofRecord[] = [];
    for (const batch of settled.batches) batches.push(await innerProof(batch));
    const pointers = await publishBlocks(da, blocks);
    const published = { atMs: clock.now(), stateRoot: fieldToHex(to.stateRoot) };
    progress = { ...progress, published };
    const commitment: EpochCommitment = {
      chainId,
      epoch: BigInt(epoch),
      firstBlock: BigInt(range.firstBlock),
      lastBlock: BigInt(range.lastBlock),
      previousStateRoot: from.stateRoot,
      stateRoot: to.stateRoot,
      previousDataHash: from.dataHash,
      dataHash: to.dataHash,
      pointers,
      settlementIn: view.settlement,
      settlementOut: settled.view.settlement,
      batchCount: BigInt(batches.length),
      epochKeyHash: keyHash,
    };
    const { settlementIn } = commitment;
    const job = await prover.request({ context: contextOf(commitment), settlementIn, batches });
    return { epoch, range, published, commitment, job };
  }

  async function readBlocks({ firstBlock, lastBlock }: EpochRange): Promise<BlockData[]> {
    const blocks: BlockData[] = [];
    for (let number = firstBlock; number <= lastBlock; number++) blocks.push(await supersonic.block(number));
    return blocks;
  }

  async function innerProof({
    rollup,
    batchIndex,
    innerProofHash,
    statement,
  }: SettledBatch): Promise<ProofRecord> {
    const record = decodeProofRecord(await da.get(commitmentOfHash(fromHex(innerProofHash))));
    // The last input is the prover's own key hash, which a statement does not speak of.
    const expected = statementToFields(statement).slice(0, -1);
    if (!expected.every((input, i) => record.publicInputs[i] === input))
      fail({ code: "INNER_PROOF_MISMATCH", rollup, batchIndex });
    return record;
  }

  async function assertProof(
    epoch: number,
    { commitment }: Building,
    proof: Uint8Array,
    key: bigint,
  ): Promise<void> {
    if (key !== keyHash) fail({ code: "EPOCH_KEY_MISMATCH", expected: keyHash, actual: key });
    const inputs = epochToFields(epochInputsOf(commitment));
    const { valid } = await verifyInEvm(genesis.epoch.verifierCode, proof, inputs);
    if (!valid) fail({ code: "EPOCH_PROOF_INVALID", epoch });
  }

  return {
    // The epoch under way keeps its range, though the chain grows meanwhile.
    nextRange: async (before) =>
      building?.epoch === (before?.epoch ?? 0) + 1
        ? building.range
        : epochRange(supersonic, (before?.lastBlock ?? 0) + 1, length),

    async build(epoch, range, before) {
      if (building?.epoch !== epoch) building = await prepare(epoch, range, before);
      const made = await prover.result(building.job);
      if (made === "lost") {
        building = undefined; // the next step asks again
        return undefined;
      }
      if (!made) return undefined;
      const { commitment, published } = building;
      await assertProof(epoch, building, made.proof, made.keyHash);
      const body = encodeBody({ commitment, proof: made.proof });
      building = undefined;
      progress = undefined;
      const { atMs: publishedAtMs, stateRoot } = published;
      return { body, batchCount: Number(commitment.batchCount), stateRoot, publishedAtMs };
    },

    progress: () => progress,

    describe(body) {
      const { commitment } = decodeBody(body);
      if (commitment.chainId !== chainId)
        fail({ code: "EPOCH_FOREIGN", expected: chainId, actual: commitment.chainId });
      return {
        epoch: Number(commitment.epoch),
        firstBlock: Number(commitment.firstBlock),
        lastBlock: Number(commitment.lastBlock),
        batchCount: Number(commitment.batchCount),
        stateRoot: fieldToHex(commitment.stateRoot),
      };
    },
  };
}

/** What is inscribed cannot be taken back: a node that shows another history must not be inscribed on top of it. */
function assertContinues(
  before: EpochCommitment,
  { firstBlock }: EpochRange,
  from: { stateRoot: bigint; dataHash: bigint },
  view: SettlementView,
): void {
  const block = firstBlock - 1;
  expectSame(block, "number", before.lastBlock, BigInt(block));
  expectSame(block, "stateRoot", before.stateRoot, from.stateRoot);
  expectSame(block, "dataHash", before.dataHash, from.dataHash);
  expectSame(block, "settlement", before.settlementOut, view.settlement);
}

function expectSame(block: number, what: string, expected: bigint, actual: bigint): void {
  if (expected !== actual) fail({ code: "SUPERSONIC_DIVERGED", block, what, expected, actual });
}
