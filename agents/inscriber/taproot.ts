import * as ecc from "@bitcoinerlab/secp256k1";
import { address, crypto, Transaction } from "bitcoinjs-lib";
import { TAPSCRIPT_LEAF_VERSION, tapLeafHash } from "../../protocol/inscription/taproot.ts";
import { addressPrefix, type BitcoinNetwork } from "../kit/bitcoin/network.ts";

/** A key whose output is spent by its owner alone (BIP-341 key path, no script tree; BIP-86). */
export interface TaprootKey {
  /** Spends script paths that name the x-only key. */
  readonly secret: Uint8Array;
  readonly xOnly: Uint8Array;
  /** Output script: OP_1 <tweaked key>. */
  readonly script: Uint8Array;
  readonly address: string;
}

/** An output of one tapscript leaf under an internal key. */
export interface LeafOutput {
  readonly script: Uint8Array;
  readonly leaf: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly controlBlock: Uint8Array;
}

/** BIP-340 signing with constant auxiliary data: the same transaction always gets the same bytes. */
const NO_AUX = new Uint8Array(32);

/**
 * The inscriber's two keys, derived from one secret: `seal` owns the seal chain, `funding` pays and is the internal key of
 * commits, so that an abandoned commit is recovered with its leaf hash alone.
 */
export function inscriberKeys(secret: Uint8Array, network: BitcoinNetwork) {
  const derive = (name: string) => taprootKey(taggedHash(`bvm/inscriber/${name}`, secret), network);
  return { seal: derive("seal"), funding: derive("funding") };
}
export type InscriberKeys = ReturnType<typeof inscriberKeys>;

function taprootKey(secret: Uint8Array, network: BitcoinNetwork): TaprootKey {
  const xOnly = ecc.xOnlyPointFromScalar(secret);
  const { xOnlyPubkey } = tweakPublic(xOnly, new Uint8Array());
  return { secret, xOnly, script: outputScript(xOnlyPubkey), address: encodeAddress(xOnlyPubkey, network) };
}

export function leafOutput(internal: TaprootKey, leaf: Uint8Array): LeafOutput {
  const leafHash = tapLeafHash(leaf);
  const { xOnlyPubkey, parity } = tweakPublic(internal.xOnly, leafHash);
  const controlBlock = Uint8Array.of(TAPSCRIPT_LEAF_VERSION | parity, ...internal.xOnly);
  return { script: outputScript(xOnlyPubkey), leaf, leafHash, controlBlock };
}

export interface Prevout {
  readonly valueSats: bigint;
  readonly script: Uint8Array;
}

/** Signature of input `index` by the key path; `root` = hash of the script tree, empty for a key without one. */
export function signKeyPath(
  transaction: Transaction,
  index: number,
  prevouts: readonly Prevout[],
  key: TaprootKey,
  root: Uint8Array = new Uint8Array(),
): Uint8Array {
  const even = isEven(key.secret) ? key.secret : ecc.privateNegate(key.secret);
  const tweaked = ecc.privateAdd(even, taggedHash("TapTweak", key.xOnly, root));
  // Null only where the tweak hits the group order's complement: 1 in 2^256.
  return ecc.signSchnorr(sighash(transaction, index, prevouts), tweaked!, NO_AUX);
}

/** Signature of input `index` by the leaf. */
export function signLeaf(
  transaction: Transaction,
  index: number,
  prevouts: readonly Prevout[],
  key: TaprootKey,
  leafHash: Uint8Array,
): Uint8Array {
  return ecc.signSchnorr(sighash(transaction, index, prevouts, leafHash), key.secret, NO_AUX);
}

function sighash(
  transaction: Transaction,
  index: number,
  prevouts: readonly Prevout[],
  leafHash?: Uint8Array,
): Uint8Array {
  return transaction.hashForWitnessV1(
    index,
    prevouts.map((p) => p.script),
    prevouts.map((p) => p.valueSats),
    Transaction.SIGHASH_DEFAULT,
    leafHash,
  );
}

function tweakPublic(xOnly: Uint8Array, root: Uint8Array) {
  return ecc.xOnlyPointAddTweak(xOnly, taggedHash("TapTweak", xOnly, root))!;
}

const outputScript = (xOnly: Uint8Array): Uint8Array => Uint8Array.of(0x51, 32, ...xOnly);

const encodeAddress = (xOnly: Uint8Array, network: BitcoinNetwork): string =>
  address.toBech32(xOnly, 1, addressPrefix[network]);

const isEven = (secret: Uint8Array): boolean => ecc.pointFromScalar(secret, true)![0] === 2;

/** BIP-340 tagged hash; the tags in use beside BIP-341's are the key derivation's. */
function taggedHash(tag: string, ...parts: Uint8Array[]): Uint8Array {
  const prefix = crypto.sha256(Buffer.from(tag));
  return crypto.sha256(Buffer.concat([prefix, prefix, ...parts]));
}
