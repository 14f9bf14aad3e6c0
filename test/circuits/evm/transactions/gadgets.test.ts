/** The gadgets under the transactions, each against its native function, at the edges that transactions of a test do not reach. */
import { expect } from "chai";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import { constantBits, witnessBytes } from "../../../../circuits/builder/ranges.ts";
import { LIST, rlpHeader, STRING } from "../../../../circuits/gadgets/rlpHeader.ts";
import { SharedList } from "../../../../circuits/gadgets/sharedList.ts";
import { readWord } from "../../../../circuits/gadgets/streamWord.ts";
import { bytePowers, SuffixStream } from "../../../../circuits/gadgets/suffixStream.ts";
import { ZeroCounts } from "../../../../circuits/gadgets/zeroCounts.ts";
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { buildGadget, input } from "../../gadgets/buildGadget.ts";
import { type Lie, LyingBuilder } from "../../gadgets/lyingBuilder.ts";

const random = new Random();
const SLACK = 64;

const streamOf = (b: Builder, data: Uint8Array): SuffixStream => {
  const zeros = Array.from({ length: SLACK }, () => constantBits(b, 8, 0n));
  return new SuffixStream(b, [...witnessBytes(b, "data", data.length, () => data), ...zeros], bytePowers(b, "powers"), "stream"); // prettier-ignore
};

const integer = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);

describe(`SuffixStream (seed ${random.seed})`, () => {
  const data = random.bytes(80);

  it("reads slices of every length", () => {
    for (let length = 0; length <= 31; length++) {
      const from = random.below(data.length);
      const padded = Uint8Array.from({ length }, (_, i) => data[from + i] ?? 0);
      const built = buildGadget((b) => {
        const [stream, at] = [streamOf(b, data), input(b, "from", 16, BigInt(from))];
        const size = input(b, "length", 5, BigInt(length));
        const weight = input(b, "weight", 16, BigInt(from + 31));
        return {
          slice: stream.slice(b, at, size, "slice"),
          fixed: stream.fixed(b, at, length, "fixed"),
          weighted: stream.sliceWeighted(b, at, size, weight, "weighted"),
        };
      });
      expectSound(built);
      const value = integer(padded);
      expect(built.value(built.out.slice)).to.equal(value);
      expect(built.value(built.out.fixed)).to.equal(value);
      expect(built.value(built.out.weighted)).to.equal(value << BigInt(8 * (31 - length)));
    }
  });

  it("has nothing beyond its end", () => {
    const read = (from: number) =>
      buildGadget((b) => streamOf(b, data).fixed(b, input(b, "from", 16, BigInt(from)), 4, "slice"));
    expectSound(read(data.length + SLACK - 4));
    expectBroken(read(data.length + SLACK - 3), {}, "slice.end");
  });
});

describe("rlpHeader", () => {
  const build = (length: number, base: number, lies: Record<string, Lie> = {}) =>
    buildGadget(
      (b) => rlpHeader(b, input(b, "length", 24, BigInt(length)), base, "header"),
      new LyingBuilder(lies),
    );
  const native = (length: number, base: number): [bigint, number] => {
    if (length <= 55) return [BigInt(base + length), 1];
    const size = Math.ceil(length.toString(16).length / 2);
    return [(BigInt(base + 55 + size) << BigInt(8 * size)) + BigInt(length), size + 1];
  };
  const LENGTHS = [0, 1, 55, 56, 255, 256, 65_535, 65_536, (1 << 24) - 1];

  it("is the one that RLP has", () => {
    for (const base of [STRING, LIST])
      for (const length of LENGTHS) {
        const built = build(length, base);
        expectSound(built);
        const [value, size] = native(length, base);
        expect([built.value(built.out.value), built.value(built.out.size)]).to.deep.equal([
          value,
          BigInt(size),
        ]);
      }
  });

  it("has no second form", () => {
    for (const length of LENGTHS)
      for (const other of [0, 1, 2, 3]) {
        if (other === Number(native(length, LIST)[1]) - 1) continue;
        const forms = Object.fromEntries(
          [0, 1, 2, 3].map((k) => [`header.form[${k}]`, k === other ? 1n : 0n]),
        );
        const own = Number(native(length, LIST)[1]) - 1;
        expectBroken(build(length, LIST, forms), {}, other > own ? "header.least" : "header.most");
      }
  });
});

describe(`ZeroCounts (seed ${random.seed})`, () => {
  const data = random.bytes(45).map((byte) => (byte < 100 ? 0 : byte));

  it("counts between any two positions", () => {
    for (let n = 0; n < 60; n++) {
      const [i, j] = [random.below(data.length + 1), random.below(data.length + 1)];
      const [from, to] = [Math.min(i, j), Math.max(i, j)];
      const built = buildGadget((b) => {
        const zeros = new ZeroCounts(b, streamOf(b, data), "zeros");
        return zeros.between(b, input(b, "from", 16, BigInt(from)), input(b, "to", 16, BigInt(to)), "count");
      });
      expectSound(built);
      expect(built.value(built.out)).to.equal(
        BigInt(data.slice(from, to).filter((byte) => byte === 0).length),
      );
    }
  });
});

describe(`readWord (seed ${random.seed})`, () => {
  const data = random.bytes(90);

  it("reads 32 bytes, zeros before and after", () => {
    for (let n = 0; n < 60; n++) {
      const at = random.below(40);
      const from = at + random.below(6);
      const end = from + random.below(50);
      const built = buildGadget((b) => {
        const place = (name: string, value: number) => input(b, name, 8, BigInt(value));
        const word = { at: place("at", at), from: place("from", from), end: place("end", end), bits: 8 };
        return readWord(b, streamOf(b, data), word, "word");
      });
      expectSound(built);
      const bytes = Uint8Array.from({ length: 32 }, (_, i) =>
        at + i >= from && at + i < end ? (data[at + i] ?? 0) : 0,
      );
      expect(built.value(built.out.hi)).to.equal(integer(bytes.slice(0, 16)));
      expect(built.value(built.out.lo)).to.equal(integer(bytes.slice(16)));
      expect(built.value(built.out.missing)).to.equal(BigInt(Math.max(0, at + 32 - end)));
    }
  });
});

describe("SharedList", () => {
  const build = (counts: number[], capacity: number, lies: Record<string, Lie> = {}) =>
    buildGadget((b) => {
      const wires = counts.map((count, i) => input(b, `count[${i}]`, 8, BigInt(count)));
      return new SharedList(b, wires, capacity, "list");
    }, new LyingBuilder(lies));

  it("gives each owner its rows", () => {
    for (const counts of [[0, 2, 0, 3, 1], [6], [0, 0, 6], [0, 0, 0]]) {
      const built = build(counts, 6);
      expectSound(built);
      const total = counts.reduce((sum, n) => sum + n);
      const wanted = counts.flatMap((count, owner) =>
        Array.from({ length: count }, (_, i) => [owner, i, count - 1 - i]),
      );
      const rows = built.out.rows.slice(0, total);
      expect(
        rows.map((row) => [row.owner, row.index, row.rest].map((wire) => Number(built.value(wire)))),
      ).to.deep.equal(wanted);
      expect(built.out.rows.filter(({ active }) => built.value(active) === 1n).length).to.equal(total);
    }
  });

  it("has no room for more than its rows", () => expectBroken(build([3, 4], 6), {}, "list.holdsAll"));

  it("refuses a row for another owner", () => {
    expectBroken(build([2, 2], 6, { "list[1].owner": 1n }), {}, "list[1].index");
    expectBroken(build([2, 2], 6, { "list[2].owner": 0n }), {}, "list[2].rest");
    expectBroken(build([2, 2], 6, { "list[3].owner": 2n }), {}, "list[3].following");
    expectBroken(build([2, 2], 6, { "list[3].active": 0n }), {}, "list.holdsAll");
  });
});
