import { expect } from "chai";
import { readFileSync } from "node:fs";
import { hexToBytes } from "@noble/hashes/utils.js";
import { Domain } from "../../../protocol/domains.ts";
import { messageCommitment, messageStart, messageStep, messageWords } from "../../../protocol/evm/message.ts";
import { hash } from "../../../protocol/hash.ts";
import { Random } from "../random.ts";
import { expectError } from "../expectError.ts";

const { messages } = JSON.parse(
  readFileSync(new URL("../../vectors/message.json", import.meta.url), "utf8"),
) as { messages: { data: string; commitment: string }[] };
const random = new Random();

describe(`message commitment (seed ${random.seed})`, () => {
  it("is that of its vectors", () => {
    for (const { data, commitment } of messages)
      expect(messageCommitment(hexToBytes(data.slice(2)))).to.equal(BigInt(commitment));
  });

  it("is built of sponges of one and of three elements", () => {
    const h0 = hash(Domain.MESSAGE, [33n]);
    expect(messageStart(33)).to.equal(h0);
    const h1 = hash(Domain.MESSAGE, [h0, 2n, 1n]);
    expect(messageStep(h0, (1n << 128n) + 2n)).to.equal(h1);
    const data = new Uint8Array(33);
    data.set([1, 0xff], 15);
    expect(messageWords(data)).to.deep.equal([(1n << 128n) + (0xffn << 120n), 0n]);
  });

  it("tells apart messages that differ in trailing zeros, or that end where another's commitment goes on", () => {
    const seen = new Set<bigint>();
    for (let length = 0; length <= 100; length++) seen.add(messageCommitment(new Uint8Array(length)));
    expect(seen.size).to.equal(101);
    const data = random.bytes(64);
    let h = messageStart(64);
    for (const word of messageWords(data)) h = messageStep(h, word);
    expect(messageCommitment(data)).to.equal(h);
    expect(messageCommitment(data.slice(0, 32))).to.not.equal(
      messageStep(messageStart(64), messageWords(data)[0]!),
    );
  });

  it("refuses a word of more than 256 bits", () =>
    expectError(() => messageStep(0n, 1n << 256n), {
      code: "WORD_OUT_OF_RANGE",
      value: 1n << 256n,
      bits: 256,
    }));
});
