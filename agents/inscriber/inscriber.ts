import type { Clock } from "../kit/clock.ts";
import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { sealOf } from "../kit/bitcoin/sealChain.ts";
import type { SealBase, SealSpend } from "../kit/bitcoin/sealTracker.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import type { Logger } from "../kit/logger.ts";
import { createInscriberChain, hashBody, mempoolFees } from "./chain.ts";
import { largestCoin } from "./coins.ts";
import { inscriptionLeaf, readInscribedBody } from "./envelope.ts";
import type { EpochBefore, EpochBuilder, EpochProgress } from "./epochBuilder.ts";
import {
  pruned,
  readJournal,
  withEntry,
  writeJournal,
  type Journal,
  type JournalEntry,
  type PairRecord,
} from "./journal.ts";
import { buildPair, DUST_SATS, SEAL_SATS, type Coin } from "./pair.ts";
import { planInscriber, type InscriberAction, type InscriberLimits } from "./plan.ts";
import type { Publisher } from "./publisher.ts";
import type { InscriberKeys } from "./taproot.ts";

export interface InscriberOptions {
  journalPath: string;
  genesis: SealBase;
  limits: InscriberLimits;
  /** Blocks within which a fee estimate is to confirm. */
  feeTargetBlocks: number;
}

export interface InscriberModules {
  rpc: BitcoinRpc;
  keys: InscriberKeys;
  publisher: Publisher;
  builder: EpochBuilder;
  clock: Clock;
  logger: Logger;
}

/** How far Supersonic's data is published, as of the last whole step: never less because of a restart. */
export interface Published {
  /** Of the block that step had read up to; 0 before the first one. */
  readonly bitcoinHeight: number;
  /** The last block and the state root after it; undefined before the first epoch. */
  readonly end: { readonly lastBlock: number; readonly stateRoot: string } | undefined;
}

export interface Inscriber {
  /** One round: read, plan, act. Returns what it did. */
  step(): Promise<readonly InscriberAction[]>;
  journal(): Journal;
  progress(): EpochProgress | undefined;
  published(): Published;
}

/** Opens the journal and makes the inscriber that continues it. Nothing is sent before the first `step`. */
export async function openInscriber(
  options: InscriberOptions,
  modules: InscriberModules,
): Promise<Inscriber> {
  const { journalPath, genesis, limits } = options;
  const { rpc, keys, publisher, builder, clock, logger } = modules;
  const chain = createInscriberChain({ ...options, rpc, maxFeeRate: limits.maxFeeRate });
  let journal = await readJournal(journalPath);
  let published = publishedAt(0);

  async function save(entry: JournalEntry): Promise<void> {
    const next = pruned(withEntry(journal, entry));
    await writeJournal(journalPath, next);
    journal = next;
  }

  function publishedAt(bitcoinHeight: number): Published {
    const progress = builder.progress();
    const signed = journal.entries.at(-1);
    if (!progress?.published || (signed && signed.lastBlock >= progress.lastBlock))
      return { bitcoinHeight, end: signed };
    return {
      bitcoinHeight,
      end: { lastBlock: progress.lastBlock, stateRoot: progress.published.stateRoot },
    };
  }

  const entryOf = (epoch: number): JournalEntry => journal.entries.find((e) => e.epoch === epoch)!;
  const before = (epoch: number): EpochBefore | undefined => {
    const entry = journal.entries.find((e) => e.epoch === epoch - 1);
    return entry && { epoch: entry.epoch, lastBlock: entry.lastBlock, body: fromHex(entry.body) };
  };

  function sign(
    epoch: number,
    body: Uint8Array,
    seal: Coin,
    funding: Coin,
    fee: FeeChoice,
    height: number,
  ): PairRecord {
    const leaf = inscriptionLeaf(keys.funding.xOnly, body, epoch === 1 ? undefined : seal);
    const pair = buildPair({ keys, leaf, seal, funding, ...fee });
    logger.info("epoch signed", { epoch, bytes: body.length, feeRate: fee.feeRate, feeSats: pair.feeSats });
    return {
      commitTxid: pair.commit.getId(),
      commitHex: pair.commit.toHex(),
      revealTxid: pair.reveal.getId(),
      revealHex: pair.reveal.toHex(),
      leafHash: Buffer.from(pair.output.leafHash).toString("hex"),
      feeRate: fee.feeRate,
      feeSats: pair.feeSats,
      change: pair.change,
      signedAtHeight: height,
    };
  }

  /** The change of the epoch before where it suffices for another epoch, else the largest coin. */
  async function fundingFor(epoch: number, bodyBytes: number, feeRate: number): Promise<Coin> {
    const change = journal.entries.find((e) => e.epoch === epoch - 1)?.pair?.change;
    // A reveal is about a quarter of a virtual byte for each byte of body, commit and signatures 500 more.
    const enough = BigInt(Math.ceil((bodyBytes / 4 + 500) * feeRate)) + 2n * DUST_SATS;
    return change && change.valueSats >= enough ? change : largestCoin(rpc, keys.funding.address);
  }

  async function build(action: Extract<InscriberAction, { kind: "build" }>, view: Reading): Promise<void> {
    const { epoch, range } = action;
    const built = await builder.build(epoch, range, before(epoch));
    if (!built) return;
    const seal = { ...view.nextSeal, valueSats: SEAL_SATS };
    const funding = await fundingFor(epoch, built.body.length, view.feeRate);
    await save({
      epoch,
      ...range,
      batchCount: built.batchCount,
      stateRoot: built.stateRoot,
      bodyHash: hashBody(built.body),
      body: toHex(built.body),
      publishedAt: new Date(built.publishedAtMs).toISOString(),
      seal,
      funding,
      pair: sign(epoch, built.body, seal, funding, { feeRate: view.feeRate }, view.height),
      replaced: [],
      inscribed: undefined,
      final: false,
    });
    await publish(epoch);
  }

  async function publish(epoch: number): Promise<void> {
    const { pair } = entryOf(epoch);
    await publisher.publish(pair!);
    logger.info("epoch published", { epoch, commitTxid: pair!.commitTxid, revealTxid: pair!.revealTxid });
  }

  /** The same epoch under the seal that came to be; the old pair cannot confirm any more, for its seal never existed. */
  async function resign(epoch: number, seal: Outpoint, view: Reading): Promise<void> {
    const entry = entryOf(epoch);
    const body = fromHex(entry.body);
    const coin = { ...seal, valueSats: SEAL_SATS };
    const funding = await fundingFor(epoch, body.length, view.feeRate);
    const pair = sign(epoch, body, coin, funding, { feeRate: view.feeRate }, view.height);
    await save({ ...entry, seal: coin, funding, pair, inscribed: undefined });
    await publish(epoch);
  }

  /** The same seal and the same funding coin at a higher rate: old and new pair exclude each other. */
  async function raiseFee(epoch: number, feeRate: number, view: Reading): Promise<void> {
    const entry = entryOf(epoch);
    const old = entry.pair!;
    const replacedFeesSats = await mempoolFees(rpc, old.commitTxid);
    const fee = { feeRate, replacedFeesSats };
    const pair = sign(epoch, fromHex(entry.body), entry.seal, entry.funding, fee, view.height);
    await save({ ...entry, pair, replaced: [...entry.replaced, old] });
    await publish(epoch);
  }

  async function confirm(epoch: number, spend: SealSpend): Promise<void> {
    const { txid } = spend.transaction;
    const at = new Date(clock.now()).toISOString();
    await save({ ...entryOf(epoch), inscribed: { txid, block: spend.block, at } });
    logger.info("epoch inscribed", { epoch, txid, height: spend.block.height });
  }

  async function recover(epoch: number, spend: SealSpend, seal: Outpoint): Promise<void> {
    const body = readInscribedBody(spend.transaction);
    const described = builder.describe(body);
    const { txid } = spend.transaction;
    const at = new Date(clock.now()).toISOString();
    logger.warn("reveal read back from the chain", { epoch, txid });
    await save({
      ...described,
      epoch,
      bodyHash: hashBody(body),
      body: toHex(body),
      publishedAt: at,
      seal: { ...seal, valueSats: SEAL_SATS },
      funding: { txid: spend.transaction.inputs[0]!.txid, vout: 1, valueSats: 0n },
      pair: undefined,
      replaced: [],
      inscribed: { txid, block: spend.block, at },
      final: false,
    });
  }

  async function perform(action: InscriberAction, view: Reading): Promise<void> {
    const entry = journal.entries.find((e) => e.epoch === action.epoch);
    switch (action.kind) {
      case "confirm":
        return confirm(action.epoch, action.spend);
      case "adopt":
        logger.warn("a replaced pair confirmed", { epoch: action.epoch, txid: action.pair.revealTxid });
        return save({ ...entry!, pair: action.pair, replaced: [...entry!.replaced, entry!.pair!] });
      case "recover":
        return recover(action.epoch, action.spend, sealBefore(action.epoch));
      case "unconfirm":
        logger.warn("reveal left the chain", { epoch: action.epoch });
        return save({ ...entry!, inscribed: undefined });
      case "finalise":
        return save({ ...entry!, final: true, replaced: [] });
      case "resign":
        return resign(action.epoch, action.seal, view);
      case "publish":
        return publish(action.epoch);
      case "raiseFee":
        return raiseFee(action.epoch, action.feeRate, view);
      case "build":
        return build(action, view);
    }
  }

  /** The seal that the reveal of `epoch` spends, by what the journal says of the one before. */
  function sealBefore(epoch: number): Outpoint {
    const entry = journal.entries.find((e) => e.epoch === epoch - 1);
    return entry ? sealOf(entry.inscribed?.txid ?? entry.pair!.revealTxid) : genesis.seal;
  }

  return {
    async step() {
      const bitcoin = await chain.readView(journal);
      const last = journal.entries.at(-1)?.epoch ?? 0;
      const next = await builder.nextRange(before(last + 1));
      const actions = planInscriber(journal, bitcoin, next, limits);
      const view = { ...bitcoin, nextSeal: sealBefore(last + 1) };
      for (const action of actions) await perform(action, view);
      published = publishedAt(bitcoin.height);
      if (actions.length === 0) logger.debug("nothing to do", { height: bitcoin.height, epochs: last });
      return actions;
    },
    journal: () => journal,
    progress: () => builder.progress(),
    published: () => published,
  };
}

interface FeeChoice {
  feeRate: number;
  replacedFeesSats?: bigint;
}

interface Reading {
  height: number;
  feeRate: number;
  /** The seal of the next epoch to be built. */
  nextSeal: Outpoint;
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
