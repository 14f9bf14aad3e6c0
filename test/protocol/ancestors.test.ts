import { expect } from "chai";
import { ancestorHashes, MAX_ANCESTORS, noAncestors, openAncestors } from "../../protocol/ancestors.ts";
import { blockHash, encodeBlock, type BlockData } from "../../protocol/block.ts";
import { Domain } from "../../protocol/domains.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { hash, hashBytes } from "../../protocol/hash.ts";
import { expectError } from "./expectError.ts";

const block = (number: bigint): BlockData => ({
  ...{ number, timestamp: 10n * number, feeRecipient: `0x${"fe".repeat(20)}`, gasLimit: 30_000_000n },
  ...{ baseFeePerGas: 7n, transactions: [Uint8Array.of(Number(number))] },
});

describe("ancestors", () => {
  const blocks = [1n, 2n, 3n, 4n].map(block);
  const hashes = blocks.reduce<bigint[]>((all, data) => [...all, blockHash(all.at(-1)!, data)], [99n]);
  const tip = hashes.at(-1)!;
  const digests = blocks.map((data) => hashBytes(encodeBlock(data)));
  const ancestors = { oldest: 99n, digests };

  it("give the hashes of the blocks themselves, oldest first", () => {
    expect(ancestorHashes(ancestors, tip)).to.deep.equal(hashes);
    expect(ancestorHashes({ oldest: hashes[2]!, digests: digests.slice(2) }, tip)).to.deep.equal(
      hashes.slice(2),
    );
    expect(ancestorHashes(noAncestors(tip), tip)).to.deep.equal([tip]);
  });

  it("open the hash of the block before the range, and so on backwards", () => {
    const opened = openAncestors(ancestors, tip);
    let newer = tip;
    for (const { parentHash, digest } of opened) {
      expect(hash(Domain.BLOCK, [parentHash, digest])).to.equal(newer);
      newer = parentHash;
    }
    expect([opened.length, newer]).to.deep.equal([4, 99n]);
  });

  it("are refused if any of them is another, is missing, or is too many", () => {
    const mismatch = { code: "ANCESTORS_MISMATCH", expected: fieldToHex(tip) };
    digests.forEach((digest, i) =>
      expectError(
        () => ancestorHashes({ oldest: 99n, digests: digests.with(i, digest + 1n) }, tip),
        mismatch,
      ),
    );
    expectError(() => ancestorHashes({ oldest: 98n, digests }, tip), mismatch);
    expectError(() => ancestorHashes({ oldest: 99n, digests: digests.slice(1) }, tip), mismatch);
    expectError(() => ancestorHashes({ oldest: 99n, digests: digests.toReversed() }, tip), mismatch);
    const count = MAX_ANCESTORS + 1;
    expectError(() => ancestorHashes({ oldest: 99n, digests: Array<bigint>(count).fill(1n) }, tip), {
      ...{ code: "ANCESTORS_TOO_MANY", count, limit: MAX_ANCESTORS },
    });
  });
});
