/**
 * The precompiled contract ecrecover on its four words, success and every failure alike, at the price of one signature check.
 *
 * Proves: success = 1 and address = the last 20 bytes of keccak256(Q), if v is 27 or 28, 0 < r < n, 0 < s < n, a point R has
 *   x = r, and Q = (s*R - digest*G) / r is not the neutral point, R being the one of parity v - 27; else success = 0, address = 0.
 *   A high s is as good as a low one.
 * Assumes: the challenge given to `assertRecovered` was made from a hash of all wires of `challenged`.
 * Enforces: which of the conditions hold (`recoveryConditions.ts`); then the check of `assertSigner` on
 *   - (Q, digest, r, s) where a key is claimed;
 *   - (C, digest - c*r, r, s) where the neutral point is claimed, for the constant key C = c*G: it holds iff digest*G = s*R;
 *   - (C, 1 - c*x(G), x(G), 1) where a condition fails: a constant signature in the second form that holds.
 *   s is replaced by n - s and the parity turned where s is high.
 * Sound because: conditions are decided by the words alone, and what is claimed beyond them passes the check of
 *   `assertSigner`, whose proof needs r, s other than 0 and the challenge fixed after key, digest, r, s and parity: these
 *   follow from `challenged`. In the second form D = ((digest - c*r)/s)*G + (r/s)*c*G = (digest/s)*G, so D = R is the claim.
 *   A key that is claimed is on the curve and not (0, 0), so it is not the neutral point.
 * Cost: 56,190 gates: the check 38,200, Keccak-256 17,430, conditions and choices 600; the challenge once 13,600.
 */
import { assertEqualIf, assertNotZero, combine, mul, sum } from "../../builder/arithmetic.ts";
import { assertImplies, not, xorBool } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import {
  assertBits,
  constantWord,
  promiseBits,
  witnessBool,
  witnessBytes,
  witnessWord,
} from "../../builder/ranges.ts";
import type { Bool, U8, Wire, Word } from "../../builder/wire.ts";
import type { ChallengePoint } from "../challengePoint.ts";
import { keccak256 } from "../keccak.ts";
import { constantLimbs, type Limbs, limbsOfBytes, limbsOfWord, limbsValue, witnessLimbs, wordOfLimbs } from "../limbs.ts"; // prettier-ignore
import { assertModular } from "../modular.ts";
import { assertSigner, type RecoverInputs } from "../recoverSigner.ts";
import { GENERATOR, MAX_LOW_S, modulo, multiplyPoint, ORDER, type Point } from "../secp256k1.ts";
import { muxWord } from "../word.ts";
import { type RecoverCall, recoverKey } from "./ecrecoverNative.ts";
import { recoveryConditions } from "./recoveryConditions.ts";

export interface EcrecoverJob {
  readonly digest: Word;
  readonly v: Word;
  readonly r: Word;
  readonly s: Word;
  readonly success: Bool;
  /** 20 bytes, 0 without success. */
  readonly address: Word;
  /** What the challenge must commit to. */
  readonly challenged: readonly Wire[];
  /** For `assertRecovered`. */
  readonly signature: RecoverInputs;
}

/** c, "bitcoin-virtual-machine" in ASCII: any number would do that is far from the small multiples a check is made of. */
const FIXED_SCALAR = 0x626974636f696e2d7669727475616c2d6d616368696e65n;
let fixedKey: Point | undefined;
const fixed = (): Point => (fixedKey ??= multiplyPoint(GENERATOR, FIXED_SCALAR));

/** A call not given is of zeros, which fails: the job is as true as any. */
const NOTHING: RecoverCall = { digest: 0n, v: 0n, r: 0n, s: 0n };

export function ecrecoverJobs(
  b: Builder,
  count: number,
  calls: () => readonly RecoverCall[],
  name: string,
): EcrecoverJob[] {
  const list = b.compute(calls);
  return Array.from({ length: count }, (_, i) =>
    b.scope(`${name}[${i}]`, () => ecrecoverJob(b, () => list![i] ?? NOTHING)),
  );
}

/** The check of a job's claim. To be called once for each job, after the challenge. */
export const assertRecovered = (
  b: Builder,
  job: EcrecoverJob,
  challenge: ChallengePoint,
  name: string,
): void => assertSigner(b, job.signature, challenge, name);

function ecrecoverJob(b: Builder, call: () => RecoverCall): EcrecoverJob {
  const words = {
    digest: witnessWord(b, "digest", () => call().digest),
    v: witnessWord(b, "v", () => call().v),
    r: witnessWord(b, "r", () => call().r),
    s: witnessWord(b, "s", () => call().s),
  };
  const valid = recoveryConditions(b, words);
  const recovered = b.compute(() => recoverKey(call()));
  const success = witnessBool(b, "success", () => recovered !== undefined);
  assertImplies(b, success, valid, "success.isValid");
  // Where a condition fails: the point G itself, s = 1 and the digest that goes with them.
  const digest = muxWord(b, valid, words.digest, constantWord(b, 1n), "digest.used");
  const r = muxWord(b, valid, words.r, constantWord(b, GENERATOR.x), "r.used");
  const s = muxWord(b, valid, words.s, constantWord(b, 1n), "s.used");
  const odd = GENERATOR.y & 1n;
  const parityTerms: Term[] = [[-27n - odd, valid]];
  const parity = assertBits(b, combine(b, [[1n, valid, words.v.lo]], parityTerms, odd, "parity"), 1, "parity.isBool"); // prettier-ignore
  const lowered = lowerS(b, s);
  const publicKey = claimedKey(b, success, recovered);
  const signature = {
    publicKey,
    digest: signedDigest(b, { digest, r, success }),
    r,
    s: lowered.s,
    parity: xorBool(b, parity, lowered.turned, "parity.used"),
  };
  const claims = sum(b, [[1n, success], [2n, valid], [4n, parity]], 0n, "claims"); // prettier-ignore
  const key = [publicKey.words.x, publicKey.words.y, words.digest, words.r, words.s];
  const challenged = [claims, ...key.flatMap(({ hi, lo }) => [hi, lo])];
  return { ...words, success, address: addressOf(b, publicKey, success), challenged, signature };
}

/** s or n - s, whichever is at most n/2 (`assertSigner` says so), and whether it was turned. */
function lowerS(b: Builder, s: Word): { s: Word; turned: Bool } {
  const given = limbsOfWord(b, s, "s.limbs");
  const turned = witnessBool(b, "s.turned", () => limbsValue(b, given) > MAX_LOW_S);
  const low = witnessLimbs(b, "s.low", () =>
    b.value(turned) === 1n ? modulo(-limbsValue(b, given), ORDER) : limbsValue(b, given),
  );
  const flag: Limbs = [turned, b.zero, b.zero, b.zero];
  // low = s - 2 * turned * s modulo n, and both are below n.
  assertModular(b, { products: [[2n, flag, given]], terms: [[1n, low], [-1n, given]] }, ORDER, "s.lowered"); // prettier-ignore
  return { s: wordOfLimbs(b, low, "s.low"), turned };
}

interface ClaimedKey {
  readonly x: readonly U8[];
  readonly y: readonly U8[];
  readonly words: { readonly x: Word; readonly y: Word };
}

/** The key recovered; C without success. */
function claimedKey(b: Builder, success: Bool, recovered: Point | undefined): ClaimedKey {
  const failed = not(b, success, "failed");
  const key = (): Point => (b.value(success) === 1n ? recovered : undefined) ?? fixed();
  const part = (axis: "x" | "y"): { bytes: U8[]; word: Word } => {
    const bytes = witnessBytes(b, `key.${axis}`, 32, () => toBytes(key()[axis]));
    const word = wordOfLimbs(b, limbsOfBytes(b, bytes, `key.${axis}`), `key.${axis}`);
    const constant = constantWord(b, fixed()[axis]);
    assertEqualIf(b, failed, word.hi, constant.hi, `key.${axis}.hi.isFixed`);
    assertEqualIf(b, failed, word.lo, constant.lo, `key.${axis}.lo.isFixed`);
    return { bytes, word };
  };
  const [x, y] = [part("x"), part("y")];
  assertNotZero(b, sum(b, [[1n, y.word.hi], [1n, y.word.lo]], 0n, "key.y.halves"), "key.y.isNot0"); // prettier-ignore
  return { x: x.bytes, y: y.bytes, words: { x: x.word, y: y.word } };
}

type Signed = { readonly digest: Word; readonly r: Word; readonly success: Bool };

/** 32 bytes of the digest modulo n; of digest - c*r without success. */
function signedDigest(b: Builder, { digest, r, success }: Signed): U8[] {
  const z = limbsOfWord(b, digest, "digest.limbs");
  const turned = limbsOfWord(b, muxWord(b, success, constantWord(b, 0n), r, "r.ofFailure"), "r.ofFailure");
  const value = (): bigint => modulo(limbsValue(b, z) - FIXED_SCALAR * limbsValue(b, turned), ORDER);
  const bytes = witnessBytes(b, "signed", 32, () => toBytes(value()));
  const signed = limbsOfBytes(b, bytes, "signed");
  const products = [[1n, constantLimbs(b, FIXED_SCALAR), turned]] as const; // prettier-ignore
  assertModular(b, { products, terms: [[1n, signed], [-1n, z]] }, ORDER, "signed.is"); // prettier-ignore
  return bytes;
}

function addressOf(b: Builder, { x, y }: ClaimedKey, success: Bool): Word {
  const hash = keccak256(b, [...x, ...y], "keyHash").slice(12);
  const half = (bytes: readonly U8[], name: string) => {
    const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * (bytes.length - 1 - i)), byte]);
    const value = sum(b, terms, 0n, `${name}.ofKey`);
    return promiseBits(b, mul(b, success, value, name), 128, name);
  };
  return { hi: half(hash.slice(0, 4), "address.hi"), lo: half(hash.slice(4), "address.lo") };
}

const toBytes = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
