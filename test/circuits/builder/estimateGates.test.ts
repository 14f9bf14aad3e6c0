import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { combine, isEqual, mul, mux, sum } from "../../../circuits/builder/arithmetic.ts";
import * as boxes from "../../../circuits/builder/blackBoxes.ts";
import { Builder, type Product, type Term } from "../../../circuits/builder/builder.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { estimateGates } from "../../../circuits/builder/estimateGates.ts";
import { ram } from "../../../circuits/builder/ram.ts";
import {
  assertBits,
  witnessBool,
  witnessU32,
  witnessU64,
  witnessU8,
} from "../../../circuits/builder/ranges.ts";
import { rom } from "../../../circuits/builder/rom.ts";
import type { U64, Wire } from "../../../circuits/builder/wire.ts";
import { gates } from "../../../proving/barretenberg/gates.ts";
import { ecdsaInputs } from "./opcodeKinds.ts";

const free = (b: Builder): Wire => b.witness("w", () => 0n);
const index = (b: Builder): Wire => witnessU8(b, "index", () => 0n);
const times = (n: number, body: (i: number) => void): void => {
  for (let i = 0; i < n; i++) body(i);
};

/** Circuits large enough that what is paid once does not hide what is paid each time. */
const CIRCUITS: Record<string, (b: Builder) => void> = {
  arithmetic: (b) =>
    times(400, () => {
      const s = witnessBool(b, "s", () => 0n);
      const [x, y] = [free(b), free(b)];
      mux(b, s, x, y, "mux");
      isEqual(b, x, y, "equal");
      for (let n = 1; n <= 12; n++) sum(b, Array.from({ length: n }, (): Term => [3n, free(b)]), 1n, "sum"); // prettier-ignore
      for (let n = 1; n <= 4; n++)
        combine(b, Array.from({ length: n }, (): Product => [1n, free(b), free(b)]), [[2n, free(b)]], 0n, "products"); // prettier-ignore
    }),
  ranges: (b) =>
    times(600, () =>
      [1, 2, 8, 14, 16, 28, 32, 64, 70, 120, 128, 253].forEach((n) => assertBits(b, free(b), n, "r")),
    ),
  roms: (b) => {
    const table = rom(b, Array.from({ length: 1000 }, () => free(b)), "table"); // prettier-ignore
    rom(b, Array.from({ length: 5000 }, () => free(b)), "never read"); // prettier-ignore
    times(2000, () => table.read(b, index(b), "read"));
  },
  rams: (b) => {
    const table = ram(b, Array.from({ length: 500 }, () => free(b)), 254, "table"); // prettier-ignore
    times(1000, () => table.write(b, index(b), table.read(b, index(b), "read"), "write"));
  },
  bitwise: (b) => {
    times(3000, () =>
      [8, 16, 32, 64, 128].forEach((n) => boxes.bitXor(b, assertBits(b, free(b), n, "x"), b.one, n, "xor")),
    );
  },
  poseidon: (b) => times(200, () => boxes.poseidon2Permutation(b, [free(b), free(b), free(b), free(b)], "p")),
  keccak: (b) => {
    let lanes: readonly U64[] = Array.from({ length: 25 }, () => witnessU64(b, "lane", () => 0n));
    times(5, () => (lanes = boxes.keccakF1600(b, lanes, "k")));
  },
  oneKeccak: (b) => boxes.keccakF1600(b, Array.from({ length: 25 }, () => witnessU64(b, "l", () => 0n)), "k"), // prettier-ignore
  sha256: (b) => {
    const words = Array.from({ length: 24 }, () => witnessU32(b, "word", () => 0n));
    let state = words.slice(16);
    times(20, () => (state = boxes.sha256Compression(b, words.slice(0, 16), state, "s")));
  },
  ecdsa: (b) => times(2, (i) => b.scope(`${i}`, () => boxes.ecdsaSecp256k1(b, ecdsaInputs(b), "valid"))),
  mixed: (b) => {
    const bytes = Array.from({ length: 2000 }, () => witnessU8(b, "byte", () => 0n));
    const table = rom(b, bytes, "bytes");
    times(500, () => mul(b, table.read(b, index(b), "read"), free(b), "product"));
    boxes.keccakF1600(b, Array.from({ length: 25 }, () => witnessU64(b, "lane", () => 0n)), "k"); // prettier-ignore
    boxes.ecdsaSecp256k1(b, ecdsaInputs(b), "valid");
  },
};

describe("gate estimate", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "bvm-gates-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, body] of Object.entries(CIRCUITS))
    it(`of ${name} is within 8% of bb gates`, async () => {
      const b = new Builder("shape");
      body(b);
      const { circuit } = b.finish();
      const file = join(folder, `${name}.json`);
      await writeFile(file, emitProgram(circuit));
      const { gates: counted } = await gates(file);
      const { total } = estimateGates(circuit);
      expect(total / counted, `estimated ${total}, counted ${counted}`).to.be.within(0.92, 1.08);
    });

  it("is told by scope, with indices merged and outer scopes including inner ones", () => {
    const b = new Builder("shape");
    times(3, (i) => b.scope(`tx[${i}]`, () => b.scope("nonce", () => mul(b, free(b), free(b), "x"))));
    expect([...estimateGates(b.finish().circuit).byScope]).to.deep.equal([
      ["tx[].nonce", 3],
      ["tx[]", 3],
    ]);
  });
});
