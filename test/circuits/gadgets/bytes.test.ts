import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { witnessBytes } from "../../../circuits/builder/ranges.ts";
import { keccak256 } from "../../../circuits/gadgets/keccak.ts";
import { segmentHashes } from "../../../circuits/gadgets/segmentHashes.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import { Random } from "../../protocol/random.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, hex, input, streamOf } from "./buildGadget.ts";
import { LyingBuilder } from "./lyingBuilder.ts";

const random = new Random();
const integer = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

describe(`byte stream (seed ${random.seed})`, () => {
  const data = random.bytes(200);
  const slice = (from: bigint, length: bigint) =>
    buildGadget((b) =>
      streamOf(b, data).slice(b, input(b, "from", 16, from), input(b, "length", 5, length), "slice"),
    );

  it("reads the integer of any bytes", () => {
    for (let from = 0; from < 200; from += 13)
      for (const length of [0, 1, 2, 8, 20, 30, 31]) {
        const built = slice(BigInt(from), BigInt(length));
        expectSound(built);
        const end = Math.min(200, from + length);
        const wanted = integer(data.slice(from, end)) << BigInt(8 * (from + length - end));
        expect(built.value(built.out)).to.equal(wanted);
      }
  });

  it("refuses another integer, another byte, a position outside", () => {
    const built = slice(7n, 5n);
    expectBroken(built, { slice: 1n }, "slice");
    expectBroken(built, { "data[8]": BigInt(data[8]! ^ 1) }, "stream.prefix[9]");
    expectBroken(built, { "data[8]": 256n }, "data[8]");
    expectBroken(slice(260n, 31n), {}, "slice.end");
    // A position that comes round modulo p.
    expectBroken(built, { from: -1n }, "slice.start");
  });

  it("refuses a length that could leave the field", () =>
    expect(() =>
      buildGadget((b) => streamOf(b, data).slice(b, b.one, input(b, "length", 6, 3n), "slice")),
    ).to.throw("BOUND_TOO_LARGE"));
});

describe("keccak256", () => {
  it("is Keccak-256 for every length of one block", () => {
    for (const length of [0, 1, 7, 8, 31, 64, 134, 135]) {
      const data = random.bytes(length);
      const built = buildGadget((b) =>
        keccak256(
          b,
          witnessBytes(b, "data", length, () => data),
          "keccak",
        ),
      );
      expectSound(built);
      expect(hex(built.bytes(built.out))).to.equal(hex(keccak_256(data)));
    }
  });

  it("refuses a forged digest", () => {
    const built = buildGadget((b) =>
      keccak256(
        b,
        witnessBytes(b, "data", 3, () => random.bytes(3)),
        "keccak",
      ),
    );
    expectBroken(built, { "keccak.digest[0][0]": 256n }, "keccak.digest[0][0]");
    expectBroken(built, { "keccak.digest[0][0]": 0n, "keccak.digest[0][1]": 0n }, "keccak.digest[0].bytes");
    expectBroken(built, { "keccak.block[0].permutation[0]": 0n }, "keccak.block[0].permutation");
  });
});

describe("hashBytes of segments", () => {
  const hashes = (
    lengths: readonly number[],
    options: { lies?: Record<string, bigint>; rows?: number } = {},
  ) => {
    const heads = lengths.map(() => random.bytes(56));
    const bodies = lengths.map((length) => random.bytes(length));
    const native = heads.map((head, i) => hashBytes(concatBytes([head, bodies[i]!])));
    const starts = [0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, n) => sum + n, 0))];
    const built = buildGadget(
      (b) => {
        const segments = {
          stream: streamOf(b, concatBytes(bodies)),
          heads: heads.map(
            (head, i) =>
              [
                input(b, `a${i}`, 248, integer(head.slice(0, 31))),
                input(b, `b${i}`, 200, integer(head.slice(31))),
              ] as const,
          ),
          positions: starts.map((at, i) => input(b, `at${i}`, 12, BigInt(at))),
          count: input(b, "count", 8, BigInt(lengths.length)),
        };
        return segmentHashes(
          b,
          segments,
          { rows: options.rows ?? 24, positionBits: 13 },
          () => native,
          "segments",
        );
      },
      new LyingBuilder(options.lies ?? {}),
    );
    return { built, native };
  };

  it("are those of the protocol at every edge of a group and of a row", () => {
    for (const lengths of [
      [0],
      [5],
      [6],
      [7],
      [36],
      [37],
      [38],
      [67, 0, 68],
      [0, 0, 0],
      [98, 99, 100],
      [129, 130],
      [500],
    ]) {
      const { built, native } = hashes(lengths);
      expectSound(built);
      expect(built.out.map(built.value)).to.deep.equal(native);
    }
  });

  it("refuse bytes, digests and lengths that do not agree", () => {
    const { built } = hashes([40, 150]);
    expectBroken(
      hashes([40, 150], { lies: { "segments.digest[1]": 5n } }).built,
      {},
      "segments.row[4].digest",
    );
    expectBroken(built, { "data[100]": 0n, "data[101]": 0n }, "stream.prefix[101]");
    expectBroken(built, { at1: 39n }, "segments.row[0].end");
  });

  it("refuse to skip a segment, to end one early, to leave one out", () => {
    const lie = (lies: Record<string, bigint>, broken: string) =>
      expectBroken(hashes([40, 150], { lies }).built, {}, broken);
    lie({ "segments.row[1].active": 0n }, "segments.row[1].idle.afterLast");
    lie({ "segments.row[2].active": 0n }, "segments.allSegments");
    lie({ "segments.row[0].inside[2]": 0n }, "segments.row[0].inside[2].low");
    lie({ "segments.row[4].inside[0]": 1n }, "segments.row[4].inside[0].low");
    expectBroken(hashes([40, 150], { rows: 3 }).built, {}, "segments.ends");
  });
});
