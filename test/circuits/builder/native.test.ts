import { createHash } from "node:crypto";
import { expect } from "chai";
import { keccakP } from "@noble/hashes/sha3.js";
import { Builder } from "../../../circuits/builder/builder.ts";
import { ecdsaSecp256k1 } from "../../../circuits/builder/blackBoxes.ts";
import { keccakF1600 } from "../../../circuits/builder/native/keccakF1600.ts";
import { sha256Compression } from "../../../circuits/builder/native/sha256Compression.ts";
import { ecdsaInputs } from "./opcodeKinds.ts";

describe("native black boxes", () => {
  it("keccak-f equals an independent implementation on random and extreme states", () => {
    const states = [0n, (1n << 64n) - 1n].map((v) => new Array<bigint>(25).fill(v));
    for (let i = 0; i < 20; i++) states.push(Array.from({ length: 25 }, (_, j) => lane(i, j)));
    for (const state of states) {
      const words = new Uint32Array(state.flatMap((v) => [Number(v & 0xffffffffn), Number(v >> 32n)]));
      keccakP(words, 24);
      const expected = state.map((_, i) => (BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]!));
      expect(keccakF1600(state)).to.deep.equal(expected);
    }
  });

  it("SHA-256 compression gives the digest of one-block messages", () => {
    for (const message of ["", "abc", "x".repeat(55)]) {
      const block = Buffer.alloc(64);
      block.write(message, "latin1");
      block[message.length] = 0x80;
      block.writeUInt32BE(message.length * 8, 60);
      const words = Array.from({ length: 16 }, (_, i) => BigInt(block.readUInt32BE(4 * i)));
      const digest = sha256Compression(words, INITIAL).map((v) => v.toString(16).padStart(8, "0"));
      expect(digest.join("")).to.equal(createHash("sha256").update(message, "latin1").digest("hex"));
    }
  });

  it("ECDSA refuses the high-s twin, a key off the curve and another digest", () => {
    const valid = (options: Parameters<typeof ecdsaInputs>[1]): bigint => {
      const b = new Builder();
      const bit = ecdsaSecp256k1(b, ecdsaInputs(b, options), "valid");
      return b.compute(() => b.value(bit))!;
    };
    expect(valid({})).to.equal(1n);
    expect(valid({ high: true })).to.equal(0n);
    expect(valid({ offCurve: true })).to.equal(0n);
    expect(valid({ hash: new Uint8Array(32).fill(8) })).to.equal(0n);
    expect(valid({ zeroR: true })).to.equal(0n);
    expect(valid({ unreduced: true })).to.equal(0n);
  });
});

const INITIAL = [
  0x6a09e667n, 0xbb67ae85n, 0x3c6ef372n, 0xa54ff53an, 0x510e527fn, 0x9b05688cn, 0x1f83d9abn, 0x5be0cd19n,
]; // prettier-ignore

const lane = (i: number, j: number): bigint =>
  BigInt(`0x${createHash("sha256").update(`${i} ${j}`).digest("hex").slice(0, 16)}`);
