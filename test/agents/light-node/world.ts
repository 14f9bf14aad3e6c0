/**
 * A whole network in one process, of real parts: bitcoind on regtest, Supersonic and an L3 on the chain's state machine, the
 * settlement contracts with generated verifiers and real proofs, the DA store behind its server's interface, the inscriber.
 * The programs behind the verifiers are small ones.
 */
import { concat, Interface, Wallet } from "ethers";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataAvailabilityCommitteeAbi } from "../../../generated/abis/DataAvailabilityCommittee.ts";
import { proofVerifierAbi } from "../../../generated/abis/ProofVerifier.ts";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { rollupFactoryAbi } from "../../../generated/abis/RollupFactory.ts";
import { dataAvailabilityCommitteeBytecode } from "../../../generated/bytecode/DataAvailabilityCommittee.ts";
import { proofVerifierBytecode } from "../../../generated/bytecode/ProofVerifier.ts";
import { rollupFactoryBytecode } from "../../../generated/bytecode/RollupFactory.ts";
import type { Inscriber } from "../../../agents/inscriber/inscriber.ts";
import type { EpochProver } from "../../../agents/inscriber/epochProver.ts";
import type { Supersonic } from "../../../agents/inscriber/supersonic.ts";
import {
  createSupersonicEpochs,
  type SupersonicEpochsModules,
} from "../../../agents/inscriber/supersonicEpochs.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { openBlobStore } from "../../../agents/kit/da/blobStore.ts";
import { formatCommitment, hashOfCommitment } from "../../../agents/kit/da/commitment.ts";
import { compress } from "../../../agents/kit/da/compression.ts";
import type { DataAvailability } from "../../../agents/kit/da/dataAvailability.ts";
import { signPublication } from "../../../agents/kit/da/publication.ts";
import type { NetworkGenesis } from "../../../agents/kit/epoch/networkGenesis.ts";
import { toHex, type Hex } from "../../../agents/kit/hex.ts";
import { encodeProofRecord } from "../../../agents/kit/jobs/proofRecord.ts";
import { encodeBatch } from "../../../protocol/batch.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import { fieldToHex } from "../../../protocol/field.ts";
import {
  settle,
  statementFromFields,
  statementHash,
  statementToFields,
} from "../../../protocol/publicInputs.ts";
import { tipToSolidity } from "../../../scripts/deploy/createRollup.ts";

import { statementProgram } from "../../contracts/support/statementProgram.ts";
import { startSealNetwork, type SealNetwork } from "../inscriber/network.ts";
import { genesisFile, LocalChain } from "./localChain.ts";
import { openEpochProgram, type OpenProgram } from "./openProgram.ts";

export const SUPERSONIC_ID = 1337;
export const L3_ID = 4242;
export const BLOCKS_PER_EPOCH = 8;

const attester = new Wallet(`0x${"17".repeat(32)}`);
const rollupInterface = new Interface(rollupAbi);
const factoryInterface = new Interface(rollupFactoryAbi);

export interface World {
  seal: SealNetwork;
  supersonic: LocalChain;
  l3: LocalChain;
  rollup: Hex;
  da: DataAvailability;
  genesis: NetworkGenesis;
  program: OpenProgram;
  inscriber: Inscriber;
  epochModules: SupersonicEpochsModules;
  /** Everything that was put on the DA layer. */
  blobs(): Promise<Uint8Array[]>;
  /** DA commitment of the last batch's data. */
  lastBatchPointer(): string;
  /** Transfers on the L3 in `blocks` blocks, settled on Supersonic by one batch. */
  settleBatch(blocks: number): Promise<void>;
  /** Fills Supersonic to the end of epoch `epoch` and inscribes it. */
  inscribe(epoch: number): Promise<void>;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-world-"));
  const seal = await startSealNetwork();
  const program = await openEpochProgram();
  const statement = await statementProgram();
  const supersonic = await LocalChain.open(genesisFile(SUPERSONIC_ID, "none"));
  const l3 = await LocalChain.open(genesisFile(L3_ID, "evm"));
  const blobStore = await openBlobStore(folder);
  const stored: Uint8Array[] = [];
  const da: DataAvailability = {
    async put(data) {
      const commitment = await blobStore.put(data);
      stored.push(commitment);
      return commitment;
    },
    get: (commitment) => blobStore.get(commitment),
  };

  const batchVerifier = await supersonic.deploy([], statement.verifier.bytecode);
  const programs = [{ program: statement.id, verifier: batchVerifier }];
  const verifier = await supersonic.deploy(proofVerifierAbi, proofVerifierBytecode, programs);
  const committeeArguments = [[attester.address], 1];
  const committee = await supersonic.deploy(
    dataAvailabilityCommitteeAbi,
    dataAvailabilityCommitteeBytecode,
    ...committeeArguments,
  );
  const factory = await supersonic.deploy(rollupFactoryAbi, rollupFactoryBytecode);
  const parameters = {
    chainId: L3_ID,
    gasLimit: l3.chain.genesis.gasLimit,
    program: statement.id,
    verifier,
    dataAvailability: committee,
    genesis: tipToSolidity(l3.chain.tip(0n)),
  };
  const created = await supersonic.block({
    to: factory,
    data: factoryInterface.encodeFunctionData("createRollup", [parameters]),
  });
  const log = supersonic.chain.records.receipts(created)![0]!.logs.at(-1)!;
  const rollup = (
    factoryInterface.parseLog({ ...log, data: toHex(log.data) })!.args.rollup as string
  ).toLowerCase() as Hex;

  const { block, seal: first } = seal.genesis;
  const genesis: NetworkGenesis = {
    version: 1,
    bitcoin: {
      network: "regtest",
      height: block.height,
      blockHash: block.hash,
      seal: first,
      sealScript: Buffer.from(seal.sealScript).toString("hex"),
    },
    supersonic: genesisFile(SUPERSONIC_ID, "none"),
    epoch: { keyHash: fieldToHex(program.keyHash) as Hex, verifierCode: program.deployedBytecode as Hex },
    settlement: { factory, verifier, programs: [statement.id as Hex], dataAvailability: [committee] },
  };
  const epochModules: SupersonicEpochsModules = {
    supersonic: readingOf(supersonic),
    da,
    prover: openProver(program),
    genesis,
    chainId: BigInt(SUPERSONIC_ID),
    length: { blocks: BLOCKS_PER_EPOCH },
    clock: systemClock,
  };
  const inscriber = await seal.open({ builder: createSupersonicEpochs(epochModules) });

  let settled = 0n;
  let lastPointer = "0x";
  async function settleBatch(blocks: number): Promise<void> {
    const firstBlock = settled + 1n;
    for (let i = 0; i < blocks; i++) await l3.block({ to: attester.address, value: 5n });
    const [prev, next] = [l3.chain.tip(settled), l3.chain.tip()];
    settled = next.blockNumber;
    const claim = {
      chainId: BigInt(L3_ID),
      prev,
      next,
      gasLimit: l3.chain.genesis.gasLimit,
      selfKeyHash: 0n,
    };
    const proof = await statement.prove(claim);
    const data = encodeBatch(l3.blocks(firstBlock, settled).map(decodeBlock));
    const pointer = formatCommitment(await da.put(compress(data)));
    lastPointer = pointer;
    // The inner proof's own verification is the epoch program's work; the record is what is published for it.
    const record = encodeProofRecord({
      version: 1,
      program: "evm-small",
      publicInputs: statementToFields(claim),
      proof,
    });
    const innerProofHash = toHex(hashOfCommitment(await da.put(record)));
    const batch = {
      prevStateRoot: fieldToHex(prev.stateRoot),
      firstBlock,
      next: tipToSolidity(next),
      dataLength: data.length,
      dataPointer: pointer,
      innerProofHash,
    };
    const publication = {
      ...{ rollup, chainId: BigInt(L3_ID), dataLength: data.length, dataPointer: pointer, innerProofHash },
      prevDataHash: prev.dataHash,
      dataHash: next.dataHash,
    };
    const signed = signPublication(
      attester.signingKey,
      { address: committee, chainId: BigInt(SUPERSONIC_ID) },
      publication,
    );
    const attestations = concat([signed]);
    const call = rollupInterface.encodeFunctionData("submitBatch", [batch, attestations, proof]);
    await supersonic.block({ to: rollup, data: call });
  }

  async function inscribe(epoch: number): Promise<void> {
    while (supersonic.chain.head.number < BigInt(epoch * BLOCKS_PER_EPOCH)) await supersonic.block();
    while ((await inscriber.step()).length > 0);
  }

  return {
    ...{ seal, supersonic, l3, rollup, da, genesis, program, inscriber, settleBatch, inscribe, epochModules },
    lastBatchPointer: () => lastPointer,
    blobs: () => Promise.all(stored.map((commitment) => da.get(commitment))),
    async close() {
      await seal.close();
      await supersonic.close();
      await l3.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the inscriber reads of a node, read from the chain itself. */
export function readingOf({ chain }: LocalChain): Supersonic {
  const header = (block: number) => chain.records.header(BigInt(block))!;
  return {
    head: async () => ({ number: Number(chain.head.number), timestamp: Number(chain.head.timestamp) }),
    timestamp: async (block) => Number(header(block).timestamp),
    async hasTransactions(first, last) {
      for (let block = first; block <= last; block++) if (header(block).gasUsed > 0n) return true;
      return false;
    },
    async header(block) {
      const { stateRoot, hash, timestamp } = header(block);
      return { stateRoot: BigInt(stateRoot), dataHash: BigInt(hash), timestamp: Number(timestamp) };
    },
    block: async (block) => decodeBlock(chain.getBlockData(BigInt(block))!),
    async settlementLogs(first, last) {
      const logs = [];
      for (let number = first; number <= last; number++)
        for (const receipt of chain.records.receipts(BigInt(number))!)
          for (const { address, topics, data } of receipt.logs)
            logs.push({ address, topics, data: toHex(data) });
      return logs;
    },
  };
}

/** Proves epochs at once, with the open program. */
function openProver(program: OpenProgram): EpochProver {
  const proofs = new Map<string, Promise<Uint8Array>>();
  return {
    async request({ context, settlementIn, batches }) {
      const settlementOut = batches.reduce(
        (settlement, { publicInputs }) =>
          settle(settlement, statementHash(statementFromFields(publicInputs))),
        settlementIn,
      );
      const inputs = [context, settlementIn, settlementOut, BigInt(batches.length)];
      const job = inputs.join();
      if (!proofs.has(job)) proofs.set(job, program.prove(inputs));
      return job;
    },
    result: async (job) => ({ proof: await proofs.get(job)!, keyHash: program.keyHash }),
  };
}
