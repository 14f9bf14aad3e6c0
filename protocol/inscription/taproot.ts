/**
 * Is a tapscript leaf what a taproot output committed to (BIP-341)? A txid does not commit to the witness, and an
 * inscription is witness: a reader that has the transaction but not its block must check this (I-INSC-03).
 */
import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { StackError } from "../errors.ts";
import { readField } from "../field.ts";

/** BIP-342. */
export const TAPSCRIPT_LEAF_VERSION = 0xc0;

export type TaprootError = { code: "REVEAL_WITNESS_ITEMS"; expected: number; actual: number };

const KEY_BYTES = 32;
const CONTROL_BASE_BYTES = 33;
/** BIP-341: a merkle path has at most 128 nodes. */
const MAX_CONTROL_BYTES = CONTROL_BASE_BYTES + 128 * KEY_BYTES;
const [OP_1, PUSH_32] = [0x51, 0x20];

export type RevealWitness = {
  readonly signature: Uint8Array;
  readonly leaf: Uint8Array;
  readonly controlBlock: Uint8Array;
};

/** A reveal's first input has exactly these items: no annex, no further arguments. Throws `REVEAL_WITNESS_ITEMS`. */
export function parseRevealWitness(items: readonly Uint8Array[]): RevealWitness {
  const [signature, leaf, controlBlock] = items;
  if (items.length !== 3 || signature === undefined || leaf === undefined || controlBlock === undefined)
    throw new StackError(
      { code: "REVEAL_WITNESS_ITEMS", expected: 3, actual: items.length } satisfies TaprootError,
      "fatal",
    );
  return { signature, leaf, controlBlock };
}

/**
 * Does `previousScript` (a P2TR output's) commit to `leaf` by `controlBlock`? BIP-341, "Script validation rules".
 * False for anything malformed. Assumes that `previousScript` is authentic: from the transaction whose txid is spent.
 */
export function leafCommitted(
  previousScript: Uint8Array,
  leaf: Uint8Array,
  controlBlock: Uint8Array,
  leafVersion = TAPSCRIPT_LEAF_VERSION,
): boolean {
  if (previousScript.length !== 2 + KEY_BYTES || previousScript[0] !== OP_1 || previousScript[1] !== PUSH_32)
    return false;
  const { length } = controlBlock;
  if (
    length < CONTROL_BASE_BYTES ||
    length > MAX_CONTROL_BYTES ||
    (length - CONTROL_BASE_BYTES) % KEY_BYTES !== 0
  )
    return false;
  const head = controlBlock[0] as number;
  if ((head & 0xfe) !== leafVersion) return false;
  const internalKey = controlBlock.subarray(1, CONTROL_BASE_BYTES);
  const output = tweakedKey(internalKey, merkleRoot(leaf, leafVersion, controlBlock));
  return (
    output !== undefined &&
    output.isOdd === ((head & 1) === 1) &&
    output.x === integer(previousScript.subarray(2))
  );
}

/** BIP-341's TapLeaf hash. */
export const tapLeafHash = (leaf: Uint8Array, leafVersion = TAPSCRIPT_LEAF_VERSION): Uint8Array =>
  schnorr.utils.taggedHash("TapLeaf", Uint8Array.of(leafVersion), compactSize(leaf.length), leaf);

function merkleRoot(leaf: Uint8Array, leafVersion: number, controlBlock: Uint8Array): Uint8Array {
  let node = tapLeafHash(leaf, leafVersion);
  for (let offset = CONTROL_BASE_BYTES; offset < controlBlock.length; offset += KEY_BYTES) {
    const sibling = controlBlock.subarray(offset, offset + KEY_BYTES);
    const ordered = integer(node) < integer(sibling) ? [node, sibling] : [sibling, node];
    node = schnorr.utils.taggedHash("TapBranch", ...ordered);
  }
  return node;
}

/** The output key, or undefined where BIP-341 says "fail": an x that is on no point, a tweak not below the order. */
function tweakedKey(internalKey: Uint8Array, root: Uint8Array): { x: bigint; isOdd: boolean } | undefined {
  const { Point } = secp256k1;
  const tweak = integer(schnorr.utils.taggedHash("TapTweak", internalKey, root));
  if (tweak >= Point.Fn.ORDER) return undefined;
  const x = integer(internalKey);
  if (x >= Point.Fp.ORDER || !isOnCurve(x)) return undefined;
  const sum = schnorr.utils.lift_x(x).add(Point.BASE.multiplyUnsafe(tweak));
  if (sum.is0()) return undefined;
  const point = sum.toAffine();
  return { x: point.x, isOdd: (point.y & 1n) === 1n };
}

/** Has x^3 + 7 a square root? Euler's criterion. */
function isOnCurve(x: bigint): boolean {
  const { Fp } = secp256k1.Point;
  const square = Fp.add(Fp.pow(x, 3n), 7n);
  return Fp.is0(square) || Fp.eql(Fp.pow(square, (Fp.ORDER - 1n) / 2n), Fp.ONE);
}

const integer = (bytes: Uint8Array): bigint => readField(new DataView(bytes.buffer, bytes.byteOffset), 0);

/** Bitcoin's variable-length integer. Assumes below 2^32. */
function compactSize(value: number): Uint8Array {
  if (value < 0xfd) return Uint8Array.of(value);
  const width = value < 0x10000 ? 2 : 4;
  const bytes = Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);
  return Uint8Array.of(width === 2 ? 0xfd : 0xfe, ...bytes);
}
