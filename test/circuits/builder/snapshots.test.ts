import * as arithmetic from "../../../circuits/builder/arithmetic.ts";
import * as boxes from "../../../circuits/builder/blackBoxes.ts";
import { all } from "../../../circuits/builder/bool.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { assertAtMost, isLess, toBits } from "../../../circuits/builder/compare.ts";
import { layFields, pack } from "../../../circuits/builder/pack.ts";
import { ram } from "../../../circuits/builder/ram.ts";
import {
  assertBits,
  witnessBool,
  witnessU32,
  witnessU64,
  witnessWord,
} from "../../../circuits/builder/ranges.ts";
import { rom } from "../../../circuits/builder/rom.ts";
import { ecdsaInputs } from "./opcodeKinds.ts";
import { expectSnapshot } from "./expectSnapshot.ts";

const free = (b: Builder) => b.witness("w", () => 0n);
const u32 = (b: Builder) => witnessU32(b, "u32", () => 0n);
const u64 = (b: Builder) => witnessU64(b, "u64", () => 0n);
const bool = (b: Builder) => witnessBool(b, "bool", () => 0n);

const GADGETS: Record<string, (b: Builder) => unknown> = {
  empty: () => undefined,
  range64: (b) => assertBits(b, free(b), 64, "x"),
  word: (b) => witnessWord(b, "x", () => 0n),
  mul: (b) => arithmetic.mul(b, free(b), free(b), "x"),
  mux: (b) => arithmetic.mux(b, bool(b), free(b), free(b), "x"),
  isZero: (b) => arithmetic.isZero(b, free(b), "x"),
  isEqual: (b) => arithmetic.isEqual(b, free(b), free(b), "x"),
  all8: (b) => all(b, Array.from({ length: 8 }, () => bool(b)), "x"), // prettier-ignore
  assertAtMost64: (b) => assertAtMost(b, u64(b), u64(b), 64, "x"),
  isLess64: (b) => isLess(b, u64(b), u64(b), 64, "x"),
  toBits32: (b) => toBits(b, free(b), 32, "x"),
  pack3: (b) => pack(b, layFields([u32(b), u32(b), u64(b)].map((wire) => ({ wire, bits: 64 }))), "x"),
  romOf16Read: (b) => rom(b, Array.from({ length: 16 }, () => free(b)), "t").read(b, u64(b), "x"), // prettier-ignore
  ramOf16Written: (b) => ram(b, Array.from({ length: 16 }, () => u32(b)), 32, "t").write(b, u64(b), u32(b), "x"), // prettier-ignore
  bitAnd64: (b) => boxes.bitAnd(b, u64(b), u64(b), 64, "x"),
  poseidon2: (b) => boxes.poseidon2Permutation(b, [free(b), free(b), free(b), free(b)], "x"),
  keccakF1600: (b) => boxes.keccakF1600(b, Array.from({ length: 25 }, () => u64(b)), "x"), // prettier-ignore
  sha256Compression: (b) => {
    const words = Array.from({ length: 24 }, () => u32(b));
    boxes.sha256Compression(b, words.slice(0, 16), words.slice(16), "x");
  },
  ecdsaSecp256k1: (b) => boxes.ecdsaSecp256k1(b, ecdsaInputs(b), "x"),
};

const shape = (body: (b: Builder) => unknown): Circuit => {
  const b = new Builder("shape");
  body(b);
  return b.finish().circuit;
};

describe("builder", () => {
  it("makes the circuits of its snapshot", () =>
    expectSnapshot(
      "builder",
      Object.fromEntries(Object.entries(GADGETS).map(([name, body]) => [name, shape(body)])),
    ));
});
