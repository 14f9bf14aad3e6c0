import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGenesisSeal } from "../../../agents/inscriber/genesisSeal.ts";
import type { BuiltEpoch, EpochBuilder, EpochProgress } from "../../../agents/inscriber/epochBuilder.ts";
import type { InscriberLimits } from "../../../agents/inscriber/plan.ts";
import {
  createFallbackPublisher,
  createMinePublisher,
  createRelayPublisher,
  type Publisher,
} from "../../../agents/inscriber/publisher.ts";
import { openInscriber, type Inscriber } from "../../../agents/inscriber/inscriber.ts";
import { inscriberKeys, type InscriberKeys } from "../../../agents/inscriber/taproot.ts";
import type { BitcoinRpc } from "../../../agents/kit/bitcoin/rpc.ts";
import type { SealBase } from "../../../agents/kit/bitcoin/sealTracker.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { nobody, startRegtest, type Regtest } from "../bitcoin/regtest.ts";

export const testLimits: InscriberLimits = {
  finalConfirmations: 6,
  maxUnconfirmed: 1,
  bumpAfterBlocks: 1000,
  bumpFactor: 1.25,
  maxFeeRate: 100,
};

/** A regtest network with a funded inscriber key and a confirmed first seal. */
export interface SealNetwork {
  bitcoin: Regtest;
  folder: string;
  keys: InscriberKeys;
  genesis: SealBase;
  sealScript: Uint8Array;
  publisher: Publisher;
  open(options: {
    builder: EpochBuilder;
    publisher?: Publisher;
    limits?: InscriberLimits;
    journal?: string;
    rpc?: BitcoinRpc;
  }): Promise<Inscriber>;
  close(): Promise<void>;
}

export async function startSealNetwork(): Promise<SealNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-inscriber-"));
  const bitcoin = await startRegtest();
  const { rpc } = bitcoin;
  const keys = inscriberKeys(new Uint8Array(32).fill(7), "regtest");
  await bitcoin.mine(2, keys.funding.address);
  await bitcoin.mine(100);
  const { seal, sealScript } = await createGenesisSeal(rpc, keys, 2);
  const [hash] = await bitcoin.mine(1);
  const genesis = { block: { height: 103, hash: hash! }, seal };
  const publisher = createFallbackPublisher(createRelayPublisher(rpc), createMinePublisher(rpc, nobody));
  return {
    bitcoin,
    folder,
    keys,
    genesis,
    sealScript: new Uint8Array(Buffer.from(sealScript, "hex")),
    publisher,
    open: ({ builder, limits = testLimits, journal = "journal.json", ...modules }) =>
      openInscriber(
        { journalPath: join(folder, journal), genesis, limits, feeTargetBlocks: 2 },
        {
          rpc: modules.rpc ?? rpc,
          keys,
          publisher: modules.publisher ?? publisher,
          builder,
          clock: systemClock,
          logger: silentLogger,
        },
      ),
    async close() {
      await bitcoin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Epochs of ten blocks with deterministic bodies of any bytes: `epoch u32 | filling`. What the inscriber does with a body does
 * not depend on what is in it.
 */
export class FillerEpochs implements EpochBuilder {
  available: number;
  readonly bytes: number;

  constructor(available: number, bytes = 8192) {
    this.available = available;
    this.bytes = bytes;
  }

  body(epoch: number): Uint8Array {
    const body = Buffer.alloc(this.bytes);
    let state = epoch + 1;
    for (let i = 4; i < body.length; i++) body[i] = (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16;
    body.writeUInt32BE(epoch);
    return new Uint8Array(body);
  }

  stateRoot(epoch: number): string {
    return `0x${epoch.toString(16).padStart(64, "0")}`;
  }

  async nextRange(before?: { lastBlock: number }) {
    const firstBlock = (before?.lastBlock ?? 0) + 1;
    return firstBlock / 10 < this.available ? { firstBlock, lastBlock: firstBlock + 9 } : undefined;
  }

  async build(epoch: number): Promise<BuiltEpoch | undefined> {
    return { body: this.body(epoch), batchCount: 0, stateRoot: this.stateRoot(epoch), publishedAtMs: 0 };
  }

  progress(): EpochProgress | undefined {
    return undefined;
  }

  describe(body: Uint8Array) {
    const epoch = Buffer.from(body).readUInt32BE();
    const stateRoot = this.stateRoot(epoch);
    return { epoch, firstBlock: epoch * 10 - 9, lastBlock: epoch * 10, batchCount: 0, stateRoot };
  }
}
