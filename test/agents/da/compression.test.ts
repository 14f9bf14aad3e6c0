import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";
import { compress, decompress } from "../../../agents/kit/da/compression.ts";
import { StackError } from "../../../protocol/errors.ts";

describe("compression", () => {
  it("gives back every length, empty included", () => {
    for (const length of [0, 1, 31, 4096, 100_000]) {
      const data = randomBytes(length);
      expect(Buffer.from(decompress(compress(data), 100_000))).to.deep.equal(data);
    }
  });

  it("refuses a bomb while unpacking, whatever its real size", () => {
    const bomb = compress(new Uint8Array(64 << 20)); // 64 MiB in 64 KiB
    const before = process.memoryUsage().arrayBuffers;
    expect(typeOf(() => decompress(bomb, 1000))).to.deep.equal({
      code: "DA_DECOMPRESSION_BOMB",
      bytes: bomb.length,
      maxBytes: 1000,
    });
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(1 << 20);
  });

  it("accepts exactly the bound and refuses one byte less", () => {
    const data = compress(new Uint8Array(1000));
    expect(decompress(data, 1000)).to.have.length(1000);
    expect(typeOf(() => decompress(data, 999)).code).to.equal("DA_DECOMPRESSION_BOMB");
  });

  it("refuses a stream that is cut short, damaged, followed by bytes, or none", () => {
    const good = deflateSync(Buffer.from("batch data, batch data, batch data"));
    const damaged = Buffer.from(good);
    damaged[damaged.length - 1]! ^= 1; // the checksum
    const bad = [
      good.subarray(0, -1),
      damaged,
      Buffer.concat([good, Buffer.of(0)]),
      Buffer.from("no zlib"),
      Buffer.of(),
    ];
    for (const data of bad)
      expect(typeOf(() => decompress(data, 1000)).code).to.equal("DA_NOT_COMPRESSED_DATA");
  });
});

function typeOf(action: () => unknown): StackError["type"] {
  try {
    action();
  } catch (error) {
    if (error instanceof StackError) return error.type;
    throw error;
  }
  throw new Error("expected a refusal");
}
