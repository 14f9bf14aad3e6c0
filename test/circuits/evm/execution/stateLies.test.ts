/** The prover who lies about the state that a chunk begins with, and about its receipts. */
import { expect } from "chai";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import type { Lie } from "../../gadgets/lyingBuilder.ts";
import { addressOf, chunkOf, profileOf } from "./demoChain.ts";
import { attempt } from "./prove.ts";

const one: Lie = (value) => value + 1n;

describe("EVM: lies about the state before, and about receipts", function () {
  this.timeout(60_000);

  let input: ChunkInput;
  before(async () => {
    const payment = { from: 0, to: addressOf(1), value: 5n };
    input = await chunkOf([{ transactions: [payment] }, { transactions: [{ ...payment, from: 1 }] }]);
  });
  const broken = (wires: Record<string, Lie>) => attempt(profileOf(), input, { wires }).broken;

  for (const wire of ["previous.stateRoot", "state.root", "state.leafCount", "state.receiptsHead"])
    it(`another ${wire}`, () => expect(broken({ [wire]: one })).to.include("state.isPrevious"));

  it("a receipt of another block", () => {
    const number = "placeBlocks.place[1].number";
    expect(broken({ [number]: (n) => n - 1n })).to.include(number);
  });

  it("a receipt left out", () => {
    const head = "end[1].receiptsHead";
    expect(broken({ [head]: input.state.tree.receiptsHead })).to.include(head);
  });
});
