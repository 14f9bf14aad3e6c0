import { readFileSync } from "node:fs";
import { permute as independentPermute } from "@zkpassport/poseidon2";
import { expect } from "chai";
import { Domain } from "../../protocol/domains.ts";
import { fieldToBytes, FIELD_MODULUS } from "../../protocol/field.ts";
import { hash, hashBytes, hashMany } from "../../protocol/hash.ts";
import { concatBytes } from "../../protocol/bytes.ts";
import { ABSORB_LIMIT, permute, type State } from "../../protocol/poseidon2/permute.ts";
import { compileModule, renderModule } from "../../scripts/poseidon2/generate.ts";
import { expectError } from "./expectError.ts";
import { Random } from "./random.ts";

const MAX = FIELD_MODULUS - 1n;

/** The sponge of hash.ts, written a second time over the independent permutation. */
function independentHash(domain: number, inputs: readonly bigint[], length = inputs.length): bigint {
  let state = [0n, 0n, 0n, (BigInt(domain) << 64n) + BigInt(length)];
  for (let i = 0; i < Math.max(1, inputs.length); i += 3)
    state = independentPermute(
      state.map((s, j) => (s + (j < 3 ? (inputs[i + j] ?? 0n) : 0n)) % FIELD_MODULUS),
    );
  return state[0] as bigint;
}

describe("protocol/poseidon2", () => {
  const random = new Random();

  it("is what its source in the repository compiles to, byte for byte", async () => {
    const committed = readFileSync(new URL("../../protocol/poseidon2/wasm.ts", import.meta.url), "utf8");
    expect(
      renderModule(await compileModule()) === committed,
      "run node scripts/poseidon2/generate.ts",
    ).to.equal(true);
  }).timeout(60_000);

  it(`permutes as an independent implementation does (seed ${random.seed})`, () => {
    const edges = [0n, 1n, MAX, FIELD_MODULUS >> 1n, (1n << 29n) - 1n, 1n << 232n, (1n << 253n) - 1n];
    const states = edges.map((x): State => [x, x, x, x]);
    edges.forEach((x, i) => states.push([x, edges[(i + 1) % edges.length] as bigint, MAX, 0n]));
    while (states.length < 300) states.push([random.field(), random.field(), random.field(), random.field()]);
    for (const state of states) expect(permute(state)).to.deep.equal(independentPermute([...state]));
  }).timeout(10_000);

  it("refuses an element that is not reduced", () => {
    const value = FIELD_MODULUS;
    expectError(() => permute([0n, 0n, 0n, value]), { code: "FIELD_OUT_OF_RANGE", value });
    expectError(() => permute([-1n, 0n, 0n, 0n]), { code: "FIELD_OUT_OF_RANGE", value: -1n });
    expectError(() => hash(Domain.NODE, [0n, value]), { code: "FIELD_OUT_OF_RANGE", value });
  });
});

describe("protocol/hash", () => {
  const random = new Random();

  it("hashes lists of every length near the rate as the sponge's definition says", () => {
    for (let length = 0; length <= 10; length++) {
      const inputs = Array.from({ length }, () => random.field());
      expect(hash(Domain.STATE, inputs)).to.equal(independentHash(Domain.STATE, inputs));
    }
  });

  it("hashes bytes packed 31 to an element", () => {
    for (const length of [0, 1, 30, 31, 32, 62, 93, 94, 200]) {
      const data = random.bytes(length);
      const packed = Array.from({ length: Math.ceil(length / 31) }, (_, i) => {
        const group = Buffer.alloc(31);
        group.set(data.subarray(i * 31, i * 31 + 31));
        return BigInt(`0x${group.toString("hex")}`);
      });
      expect(hashBytes(data)).to.equal(independentHash(Domain.BYTES, packed, length));
    }
  });

  it("hashes data larger than the module's buffer in several calls", () => {
    const count = ABSORB_LIMIT + 2;
    const inputs = Array.from({ length: count }, (_, i) => BigInt(i));
    expect(hash(Domain.CODE, inputs)).to.equal(independentHash(Domain.CODE, inputs));
  }).timeout(60_000);

  it("tells apart domains, lengths and padding", () => {
    expect(hash(Domain.NODE, [1n, 2n])).to.not.equal(hash(Domain.LEAF, [1n, 2n]));
    expect(hash(Domain.NODE, [1n, 2n])).to.not.equal(hash(Domain.NODE, [1n, 2n, 0n]));
    expect(hashBytes(new Uint8Array(1))).to.not.equal(hashBytes(new Uint8Array(2)));
    expect(hashBytes(new Uint8Array(0))).to.equal(permute([0n, 0n, 0n, 1n << 64n])[0]);
  });

  it("hashes many items at once as one by one", () => {
    for (const [width, items] of [
      [2, 1],
      [4, 33],
      [1, 5],
      [2, 12_000],
    ] as const) {
      const fields = Array.from({ length: width * items }, (_, i) => (i < 100 ? random.field() : BigInt(i)));
      const hashes = hashMany(Domain.NODE, width, concatBytes(fields.map(fieldToBytes)));
      expect(hashes.length).to.equal(32 * items);
      for (const i of [0, 1, items >> 1, items - 1].filter((n) => n < items)) {
        const item = fields.slice(i * width, (i + 1) * width);
        expect(hashes.slice(i * 32, i * 32 + 32)).to.deep.equal(fieldToBytes(hash(Domain.NODE, item)));
      }
    }
  }).timeout(20_000);
});
