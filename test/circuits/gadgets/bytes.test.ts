import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { witnessBytes } from "../../../circuits/builder/ranges.ts";
import { ByteStream, Powers256 } from "../../../circuits/gadgets/byteStream.ts";
import { KECCAK_BLOCK, keccak256 } from "../../../circuits/gadgets/keccak.ts";
import { keccak256Variable } from "../../../circuits/gadgets/keccakVariable.ts";
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

describe("keccak256 of variable length", () => {
  const pad = (message: Uint8Array, blocks: number): Uint8Array => {
    const out = new Uint8Array(KECCAK_BLOCK * blocks);
    out.set(message);
    const end = KECCAK_BLOCK * (Math.floor(message.length / KECCAK_BLOCK) + 1);
    out[message.length]! |= 1;
    out[end - 1]! |= 0x80;
    return out;
  };
  const digest = (padded: Uint8Array, length: number, b?: Builder) =>
    buildGadget((b) => {
      const bytes = witnessBytes(b, "data", padded.length, () => padded);
      const stream = new ByteStream(b, bytes, new Powers256(b, bytes.length), "stream");
      return keccak256Variable(b, stream, input(b, "length", 10, BigInt(length)), "keccak");
    }, b);

  for (const blocks of [1, 3])
    it(`is Keccak-256 for lengths up to ${blocks} blocks`, () => {
      const edges = [0, 1, 30, 100, 134, 135, 136, 200, 271, 272, 273, 406, 407];
      for (const length of edges.filter((n) => n < KECCAK_BLOCK * blocks)) {
        const message = random.bytes(length);
        const built = digest(pad(message, blocks), length);
        expectSound(built);
        expect(hex(built.bytes(built.out))).to.equal(hex(keccak_256(message)));
      }
    });

  it("refuses padding that is not Keccak's", () => {
    const message = random.bytes(50);
    const changed = (at: number, byte: number): Uint8Array => {
      const padded = pad(message, 1);
      padded[at] = byte;
      return padded;
    };
    expectBroken(digest(changed(50, 6), 50), {}, "keccak.firstPad.is01");
    expectBroken(digest(changed(135, 0), 50), {}, "keccak.lastPad.is80");
    expectBroken(digest(changed(90, 1), 50), {}, "keccak.zeros[1].are0");
  });

  it("refuses another length of the same bytes", () => {
    expectBroken(digest(pad(random.bytes(50), 1), 49), {}, "keccak.firstPad.is01");
    // All zeros would be seen as padding one byte early if the first padding byte were not checked.
    expectBroken(digest(pad(new Uint8Array(50), 1), 40), {}, "keccak.firstPad.is01");
  });

  it("refuses the digest after another block, and padding longer than a block", () => {
    const message = random.bytes(100);
    const twoBlocks = pad(message, 2);
    expectBroken(digest(twoBlocks, 100), { "keccak.last[0]": 0n, "keccak.last[1]": 1n }, "keccak.lastAt");
    twoBlocks[135] = 0;
    twoBlocks[271] = 0x80;
    const late = digest(twoBlocks, 100, new LyingBuilder({ "keccak.last[0]": 0n, "keccak.last[1]": 1n }));
    expectBroken(late, {}, "keccak.tail.room");
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
