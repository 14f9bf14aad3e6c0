import { expect } from "chai";
import { witnessWord } from "../../../circuits/builder/ranges.ts";
import { messageStart, messageStep } from "../../../circuits/gadgets/message.ts";
import { messageWords } from "../../../protocol/evm/message.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { readVectors } from "../vectors/expectComputes.ts";
import { buildGadget, input, unhex } from "./buildGadget.ts";

const { messages } = readVectors<{ messages: { data: string; commitment: string }[] }>("message");

const commit = (data: Uint8Array) =>
  buildGadget((b) =>
    messageWords(data).reduce(
      (h, word, i) => messageStep(b, h, witnessWord(b, `word[${i}]`, () => word), `step[${i}]`), // prettier-ignore
      messageStart(b, input(b, "length", 32, BigInt(data.length)), "start"),
    ),
  );

describe("message commitment in a circuit", () => {
  it("is that of the vectors", () => {
    for (const { data, commitment } of messages) {
      const built = commit(unhex(data));
      expectSound(built);
      expect(built.value(built.out)).to.equal(BigInt(commitment));
    }
  });

  it("refuses another length, another word, a half that is too wide", () => {
    const built = commit(unhex(messages[4]!.data));
    expectBroken(built, { length: 32n }, "start.permutation[0]");
    expectBroken(built, { "word[1].lo": 1n }, "step[1].permutation[0]");
    expectBroken(built, { "word[0].hi": 1n << 128n }, "word[0].hi");
  });
});
