import { expect } from "chai";
import type { Capacities } from "../../../../../protocol/evm/capacities.ts";
import { CHIP_FACTS, TABLES } from "../../../../../protocol/evm/capacities.ts";
import { FactBook } from "../../../../../protocol/evm/plan/factBook.ts";
import {
  ByteFactsPlan,
  joinBytes,
  mergeBytes,
} from "../../../../../protocol/evm/plan/memory/byteFactsPlan.ts";
import { MemoryBusPlan, Sub } from "../../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { Tag } from "../../../../../protocol/evm/tags.ts";
import { Random } from "../../../random.ts";

const random = new Random();
const NO_ROOM = Object.fromEntries([...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, 0])) as Capacities; // prettier-ignore
const bytesOf = (word: bigint): number[] => Array.from({ length: 32 }, (_, i) => Number((word >> BigInt(8 * (31 - i))) & 255n)); // prettier-ignore
const wordOf = (bytes: readonly number[]): bigint =>
  bytes.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n);

describe(`facts about bytes of words (seed ${random.seed})`, () => {
  it("join and merge are those of byte arrays, for every shift", () => {
    const [x, y] = [random.bits(256), random.bits(256)];
    for (let s = 0; s <= 32; s++) {
      if (s < 32)
        expect(joinBytes(x, y, s)).to.equal(wordOf([...bytesOf(x), ...bytesOf(y)].slice(s, s + 32)));
      expect(mergeBytes(x, y, s)).to.equal(wordOf([...bytesOf(x).slice(0, s), ...bytesOf(y).slice(s)]));
    }
  });

  it("are recorded once each, with their key, and counted beyond what there is room for", () => {
    const book = new FactBook(NO_ROOM);
    const facts = new ByteFactsPlan(book);
    const [x, y] = [book.literal(random.bits(256)), book.literal(random.bits(256))];
    const joined = facts.join(x, y, 7);
    expect(facts.join(x, y, 7)).to.equal(joined);
    expect(facts.merge(x, y, 7)).to.not.equal(joined);
    expect(book.value(joined)).to.equal(joinBytes(book.value(x), book.value(y), 7));
    expect(book.known({ op: Tag.JOIN, a: x, b: y, sp: 7 })).to.equal(joined);
    expect(facts.joins).to.deep.equal([{ a: x, b: y, shift: 7 }]);
    expect(book.shortages().map(({ capacity, needed }) => [capacity, needed])).to.deep.equal([["literals", 2], ["joins", 1], ["merges", 1]]); // prettier-ignore
  });
});

describe("memory of all frames, planned", () => {
  it("keeps ids and records accesses in the order of time", () => {
    const book = new FactBook(NO_ROOM);
    const bus = new MemoryBusPlan(book);
    bus.start(0, 600);
    expect(bus.read(1, Sub.READ, 0)).to.equal(600);
    expect(bus.write(1, Sub.WRITE, 0, 601)).to.equal(600);
    expect(bus.peek(0)).to.equal(601);
    expect(bus.read(2, Sub.SIZE, 9)).to.equal(0);
    expect(bus.entries.map(({ time }) => time)).to.deep.equal([
      (1n << 14n) + 2n,
      (1n << 14n) + 8192n,
      2n << 14n,
    ]);
    expect([book.used("memoryCells"), book.used("memoryAccesses")]).to.deep.equal([10, 3]);
  });
});
