import { Transaction } from "bitcoinjs-lib";
import { StackError } from "../../protocol/errors.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import {
  leafOutput,
  signKeyPath,
  signLeaf,
  type InscriberKeys,
  type LeafOutput,
  type Prevout,
} from "./taproot.ts";

export type PairError = { code: "INSUFFICIENT_FUNDS"; neededSats: bigint; availableSats: bigint };

/** An output with what spending it needs. */
export interface Coin extends Outpoint {
  readonly valueSats: bigint;
}

/** What the seal carries: above the dust limit of every output type (546, P2PKH's), so any future script may hold it. */
export const SEAL_SATS = 546n;
/** Dust limit of a P2TR output at 3 sat/vB (Bitcoin Core, policy.cpp). */
export const DUST_SATS = 330n;
/** sat/vB: the default minimum relay fee and increment of a replacement (Bitcoin Core, policy.h). */
export const MIN_RELAY_RATE = 1;
/** Signals replaceability (BIP-125). */
const REPLACEABLE = 0xfffffffd;

/** Commit and reveal of one inscription, signed. Nothing in them changes any more: broadcasting twice is harmless. */
export interface SignedPair {
  readonly commit: Transaction;
  readonly reveal: Transaction;
  readonly output: LeafOutput;
  readonly change: Coin;
  readonly feeSats: bigint;
}

export interface PairRequest {
  readonly keys: InscriberKeys;
  /** The envelope: `<internal key> OP_CHECKSIG OP_FALSE OP_IF ... OP_ENDIF`. */
  readonly leaf: Uint8Array;
  /** The seal that the reveal spends. */
  readonly seal: Coin;
  readonly funding: Coin;
  /** sat/vB over both transactions. */
  readonly feeRate: number;
  /** Fees of what this pair replaces in the mempool: the new commit alone must pay more (BIP-125 rules 3 and 4). */
  readonly replacedFeesSats?: bigint;
}

/**
 * Builds the pair: commit = [funding] -> [leaf output, change]; reveal = [leaf output, seal] -> [next seal].
 * Two pairs with the same seal (and so the same reveal input) exclude each other. Throws INSUFFICIENT_FUNDS (retry).
 */
export function buildPair(request: PairRequest): SignedPair {
  const { keys, leaf, feeRate, funding, replacedFeesSats = 0n } = request;
  const output = leafOutput(keys.funding, leaf);
  // Signatures have one size, so the sizes do not depend on the values.
  const commitSize = commitTransaction(request, output, DUST_SATS, DUST_SATS).virtualSize();
  const revealSize = revealTransaction(request, output, "00".repeat(32), DUST_SATS).virtualSize();
  const replacing = replacedFeesSats > 0n ? replacedFeesSats + fee(commitSize, MIN_RELAY_RATE) : 0n;
  const commitFee = max(fee(commitSize, feeRate), replacing);
  const rest = fee(commitSize + revealSize, feeRate) - commitFee;
  // The old seal's value pays for the new one; the leaf output carries the reveal's fee, and is no dust itself.
  const leafSats = max(
    max(rest, fee(revealSize, MIN_RELAY_RATE)) + SEAL_SATS - request.seal.valueSats,
    DUST_SATS,
  );
  const changeSats = funding.valueSats - leafSats - commitFee;
  if (changeSats < DUST_SATS)
    throw new StackError<PairError>(
      {
        code: "INSUFFICIENT_FUNDS",
        neededSats: leafSats + commitFee + DUST_SATS,
        availableSats: funding.valueSats,
      },
      "retry",
    );
  const commit = commitTransaction(request, output, leafSats, changeSats);
  const reveal = revealTransaction(request, output, commit.getId(), leafSats);
  const feeSats = commitFee + leafSats + request.seal.valueSats - SEAL_SATS;
  return {
    commit,
    reveal,
    output,
    change: { txid: commit.getId(), vout: 1, valueSats: changeSats },
    feeSats,
  };
}

/** The transaction that makes the first seal: [funding] -> [seal, change]. Throws INSUFFICIENT_FUNDS. */
export function buildGenesisSeal(keys: InscriberKeys, funding: Coin, feeRate: number): Transaction {
  const build = (changeSats: bigint) =>
    fundedTransaction(keys, funding, [
      { script: keys.seal.script, valueSats: SEAL_SATS },
      { script: keys.funding.script, valueSats: changeSats },
    ]);
  const feeSats = fee(build(DUST_SATS).virtualSize(), feeRate);
  const changeSats = funding.valueSats - SEAL_SATS - feeSats;
  if (changeSats >= DUST_SATS) return build(changeSats);
  throw new StackError<PairError>(
    {
      code: "INSUFFICIENT_FUNDS",
      neededSats: SEAL_SATS + feeSats + DUST_SATS,
      availableSats: funding.valueSats,
    },
    "retry",
  );
}

function commitTransaction(
  { keys, funding }: PairRequest,
  output: LeafOutput,
  leafSats: bigint,
  changeSats: bigint,
): Transaction {
  return fundedTransaction(keys, funding, [
    { script: output.script, valueSats: leafSats },
    { script: keys.funding.script, valueSats: changeSats },
  ]);
}

function fundedTransaction(keys: InscriberKeys, funding: Coin, outputs: readonly Prevout[]): Transaction {
  const transaction = withInputs([funding]);
  for (const { script, valueSats } of outputs) transaction.addOutput(script, valueSats);
  const prevouts = [{ script: keys.funding.script, valueSats: funding.valueSats }];
  transaction.setWitness(0, [signKeyPath(transaction, 0, prevouts, keys.funding)]);
  return transaction;
}

function revealTransaction(
  { keys, seal }: PairRequest,
  output: LeafOutput,
  commitTxid: string,
  leafSats: bigint,
): Transaction {
  const transaction = withInputs([{ txid: commitTxid, vout: 0 }, seal]);
  transaction.addOutput(keys.seal.script, SEAL_SATS);
  const prevouts = [
    { script: output.script, valueSats: leafSats },
    { script: keys.seal.script, valueSats: seal.valueSats },
  ];
  const signature = signLeaf(transaction, 0, prevouts, keys.funding, output.leafHash);
  transaction.setWitness(0, [signature, output.leaf, output.controlBlock]);
  transaction.setWitness(1, [signKeyPath(transaction, 1, prevouts, keys.seal)]);
  return transaction;
}

function withInputs(outpoints: readonly Outpoint[]): Transaction {
  const transaction = new Transaction();
  transaction.version = 2;
  for (const { txid, vout } of outpoints)
    transaction.addInput(new Uint8Array(Buffer.from(txid, "hex").reverse()), vout, REPLACEABLE);
  return transaction;
}

const fee = (virtualSize: number, rate: number): bigint => BigInt(Math.ceil(virtualSize * rate));
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
