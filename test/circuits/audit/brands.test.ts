/**
 * A type cast gives a wire the brand `U128` and leaves its bound as it was: unknown. `lintBounds` proves the bounds that
 * handles claim, and such a handle claims none; so whatever relies on a brand asks for the bound while it is built.
 */
import { expect } from "chai";
import * as arithmetic from "../../../circuits/builder/arithmetic.ts";
import * as boxes from "../../../circuits/builder/blackBoxes.ts";
import * as bool from "../../../circuits/builder/bool.ts";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import { witnessBool, witnessU128, witnessU64, witnessWord } from "../../../circuits/builder/ranges.ts";
import type { Bool, U128, U32, U64, U8, Word } from "../../../circuits/builder/wire.ts";
import { accountValueOf } from "../../../circuits/gadgets/account.ts";
import { gasTarget, nextBaseFeeOf } from "../../../circuits/gadgets/baseFee.ts";
import { ByteStream, Powers256 } from "../../../circuits/gadgets/byteStream.ts";
import { assertAtMostConstant } from "../../../circuits/gadgets/canonicalField.ts";
import { challengePoint } from "../../../circuits/gadgets/challengePoint.ts";
import { keccak256 } from "../../../circuits/gadgets/keccak.ts";
import { legacySuffix } from "../../../circuits/gadgets/legacySuffix.ts";
import { type Limbs, limbsOfBytes, limbsOfWord, witnessLimbs } from "../../../circuits/gadgets/limbs.ts";
import { assertModular } from "../../../circuits/gadgets/modular.ts";
import { FIELD } from "../../../circuits/gadgets/secp256k1.ts";
import { addWords, isLessWord, muxWord, subtractWords } from "../../../circuits/gadgets/word.ts";
import { hasCode } from "../../../protocol/errors.ts";

const raw = <T>(b: Builder): T => b.witness("raw", () => 0n) as T;
const word = (b: Builder): Word => witnessWord(b, "word", () => 0n);
const rawWord = (b: Builder): Word => ({ hi: witnessU128(b, "hi", () => 0n), lo: raw<U128>(b) });
const bit = (b: Builder): Bool => witnessBool(b, "bit", () => 0n);
const u64 = (b: Builder): U64 => witnessU64(b, "u64", () => 0n);
const noCode = (b: Builder) => ({
  codeSize: b.zero,
  codeHash: { hi: b.zero, lo: b.zero },
  codeCommitment: b.zero,
});
const bytes = (b: Builder, count: number): U8[] => [...Array<U8>(count - 1).fill(b.zero), raw<U8>(b)];
const zeros = (b: Builder, count: number): U8[] => Array<U8>(count).fill(b.zero);
const limbs = (b: Builder): Limbs => [b.zero, b.zero, b.zero, raw<U64>(b)];

/** Each is given one wire without a bound, under the brand that it asks for. */
const ATTACKS: Record<string, (b: Builder) => unknown> = {
  addWords: (b) => addWords(b, word(b), rawWord(b), "x"),
  "subtractWords, minuend": (b) => subtractWords(b, rawWord(b), [word(b)], "x"),
  "subtractWords, subtrahend": (b) => subtractWords(b, word(b), [word(b), rawWord(b)], "x"),
  "isLessWord, left": (b) => isLessWord(b, rawWord(b), word(b), "x"),
  "isLessWord, right": (b) => isLessWord(b, word(b), rawWord(b), "x"),
  muxWord: (b) => muxWord(b, raw<Bool>(b), word(b), word(b), "x"),
  assertAtMostConstant: (b) => assertAtMostConstant(b, rawWord(b), FIELD, "x"),
  "assertModular, product": (b) =>
    assertModular(b, { products: [[1n, limbs(b), witnessLimbs(b, "y", () => 0n)]] }, FIELD, "x"),
  "assertModular, term": (b) => assertModular(b, { terms: [[1n, limbs(b)]] }, FIELD, "x"),
  limbsOfWord: (b) => limbsOfWord(b, rawWord(b), "x"),
  limbsOfBytes: (b) => limbsOfBytes(b, bytes(b, 32), "x"),
  keccakF1600: (b) => boxes.keccakF1600(b, [...zeros(b, 24), raw<U64>(b)], "x"),
  sha256Compression: (b) => boxes.sha256Compression(b, zeros(b, 16), [...zeros(b, 7), raw<U32>(b)], "x"),
  ecdsaSecp256k1: (b) =>
    boxes.ecdsaSecp256k1(
      b,
      { x: zeros(b, 32), y: zeros(b, 32), signature: bytes(b, 64), hash: zeros(b, 32) },
      "x",
    ),
  keccak256: (b) => keccak256(b, bytes(b, 64), "x"),
  ByteStream: (b) => new ByteStream(b, bytes(b, 9), new Powers256(b, 9), "x"),
  challengePoint: (b) => challengePoint(b, raw<U128>(b), "x"),
  legacySuffix: (b) => legacySuffix(b, raw<U64>(b), "x"),
  gasTarget: (b) => gasTarget(b, raw<U64>(b), "x"),
  nextBaseFeeOf: (b) => nextBaseFeeOf(b, { baseFee: raw<U64>(b), gasUsed: u64(b), target: u64(b) }, "x"),
  accountValueOf: (b) => accountValueOf(b, { nonce: raw<U64>(b), balance: word(b), ...noCode(b) }, "x"),
  mux: (b) => arithmetic.mux(b, raw<Bool>(b), u64(b), u64(b), "x"),
  assertEqualIf: (b) => arithmetic.assertEqualIf(b, raw<Bool>(b), u64(b), u64(b), "x"),
  not: (b) => bool.not(b, raw<Bool>(b), "x"),
  and: (b) => bool.and(b, bit(b), raw<Bool>(b), "x"),
  or: (b) => bool.or(b, bit(b), raw<Bool>(b), "x"),
  xorBool: (b) => bool.xorBool(b, bit(b), raw<Bool>(b), "x"),
  all: (b) => bool.all(b, [bit(b), raw<Bool>(b)], "x"),
  any: (b) => bool.any(b, [bit(b), raw<Bool>(b)], "x"),
  assertImplies: (b) => bool.assertImplies(b, bit(b), raw<Bool>(b), "x"),
};

describe("audit: brands without bounds", () => {
  for (const [name, attack] of Object.entries(ATTACKS))
    it(`ATTACK a raw wire under a type is refused: ${name}`, () => {
      let refused = false;
      try {
        attack(new Builder("shape"));
      } catch (error) {
        refused = hasCode(error, "BOUND_UNKNOWN");
        if (!refused) throw error;
      }
      expect(refused).to.equal(true);
    });

  it("ATTACK a limb said to be 0 is left out of products: the lint asks for the proof", () => {
    const b = new Builder("shape");
    const forged = { ...raw<U64>(b), max: 0n };
    const x: Limbs = [b.one, b.zero, b.zero, forged];
    assertModular(b, { products: [[1n, x, witnessLimbs(b, "y", () => 0n)]] }, FIELD, "x");
    const faults = lintBounds(b.finish().circuit).faults.map(({ problem, where }) => `${problem} ${where}`);
    expect(faults).to.deep.equal(["CLAIM_NOT_PROVEN raw"]);
  });
});
