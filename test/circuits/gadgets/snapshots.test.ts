import { Builder } from "../../../circuits/builder/builder.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { witnessBytes, witnessWord } from "../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { accountValueOf, leafHashOf } from "../../../circuits/gadgets/account.ts";
import { gasTarget, nextBaseFeeOf } from "../../../circuits/gadgets/baseFee.ts";
import { splitField } from "../../../circuits/gadgets/canonicalField.ts";
import { challengePoint } from "../../../circuits/gadgets/challengePoint.ts";
import { keccak256 } from "../../../circuits/gadgets/keccak.ts";
import { legacySuffix } from "../../../circuits/gadgets/legacySuffix.ts";
import { witnessLimbs } from "../../../circuits/gadgets/limbs.ts";
import { assertModular } from "../../../circuits/gadgets/modular.ts";
import { assertSigner } from "../../../circuits/gadgets/recoverSigner.ts";
import { FIELD } from "../../../circuits/gadgets/secp256k1.ts";
import { segmentHashes } from "../../../circuits/gadgets/segmentHashes.ts";
import { hashFields } from "../../../circuits/gadgets/sponge.ts";
import { addWords, isLessWord, subtractWords } from "../../../circuits/gadgets/word.ts";
import { expectSnapshot } from "../builder/expectSnapshot.ts";
import { input, streamOf } from "./buildGadget.ts";

const nothing = (): never => {
  throw new Error("a shape asks for no value");
};
const field = (b: Builder, name: string): Wire => b.witness(name, nothing);
const word = (b: Builder, name: string) => witnessWord(b, name, nothing);
const bytes = (b: Builder, name: string, count: number) => witnessBytes(b, name, count, nothing);
const stream = (b: Builder) => streamOf(b, new Uint8Array(200));

const GADGETS: Record<string, (b: Builder) => void> = {
  addWords: (b) => void addWords(b, word(b, "x"), word(b, "y"), "sum"),
  subtractWords: (b) => void subtractWords(b, word(b, "x"), [word(b, "y"), word(b, "z")], "rest"),
  isLessWord: (b) => void isLessWord(b, word(b, "x"), word(b, "y"), "less"),
  splitField: (b) => void splitField(b, field(b, "x"), "split"),
  hashFields4: (b) => void hashFields(b, 3, [0, 1, 2, 3].map((i) => field(b, `x${i}`)), "hash"), // prettier-ignore
  nextBaseFeeOf: (b) => {
    const [baseFee, gasUsed, limit] = ["fee", "used", "limit"].map((name) => input(b, name, 64, 0n));
    nextBaseFeeOf(
      b,
      { baseFee: baseFee!, gasUsed: gasUsed!, target: gasTarget(b, limit!, "target") },
      "next",
    );
  },
  legacySuffix: (b) => void legacySuffix(b, input(b, "chainId", 62, 0n) as never, "suffix"),
  keccak256of64: (b) => void keccak256(b, bytes(b, "data", 64), "keccak"),
  segmentHashes: (b) => {
    const heads = [0, 1].map((i) => [input(b, `a${i}`, 248, 0n), input(b, `b${i}`, 200, 0n)] as const);
    const positions = [0, 1, 2].map((i) => input(b, `at${i}`, 8, 0n));
    segmentHashes(
      b,
      { stream: stream(b), heads, positions, count: input(b, "count", 2, 0n) },
      { rows: 6, positionBits: 9 },
      nothing,
      "segments",
    );
  },
  assertModular: (b) => {
    const [x, y, z] = ["x", "y", "z"].map((name) => witnessLimbs(b, name, nothing));
    assertModular(b, { products: [[1n, x!, y!]], terms: [[-1n, z!]] }, FIELD, "product");
  },
  challengePoint: (b) => void challengePoint(b, input(b, "seed", 128, 0n), "challenge"),
  assertSigner: (b) => {
    const challenge = challengePoint(b, input(b, "seed", 128, 0n), "challenge");
    const publicKey = { x: bytes(b, "x", 32), y: bytes(b, "y", 32) };
    const rest = {
      digest: bytes(b, "z", 32),
      r: word(b, "r"),
      s: word(b, "s"),
      parity: input(b, "parity", 1, 0n),
    };
    assertSigner(b, { publicKey, ...rest }, challenge, "signer");
  },
  accountValueOf: (b) => {
    const code = { codeSize: field(b, "size"), codeHash: word(b, "hash"), codeCommitment: field(b, "code") };
    accountValueOf(b, { nonce: input(b, "nonce", 64, 0n), balance: word(b, "balance"), ...code }, "value");
  },
  leafHashOf: (b) => {
    const [key, nextKey, nextIndex, valueHash] = ["k", "n", "i", "v"].map((name) => field(b, name));
    leafHashOf(b, { key: key!, nextKey: nextKey!, nextIndex: nextIndex!, valueHash: valueHash! }, "leaf");
  },
};

describe("gadgets", () => {
  it("have the sizes of their snapshot", () => {
    const circuits: Record<string, Circuit> = {};
    for (const [name, build] of Object.entries(GADGETS)) {
      const b = new Builder("shape");
      build(b);
      circuits[name] = b.finish().circuit;
    }
    expectSnapshot("gadgets", circuits);
  });
});
