import { expect } from "chai";
import { addressOf, EvmChain } from "../../evm/evmChain.ts";
import { PLAIN_COIN } from "../../evm/plainCoin.ts";
import { getCreateAddress } from "ethers";
import type { ChunkInput } from "../../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../../protocol/evm/plan/chunkTraces.ts";
import { joinWitnesses } from "../../../protocol/state/joinWitnesses.ts";
import { siblingPositions } from "../../../protocol/state/treeWitness.ts";
import { WitnessState } from "../../../protocol/state/witness.ts";
import { expectError } from "../expectError.ts";

const coin = (name: string, values: readonly unknown[]): string =>
  PLAIN_COIN.abi.encodeFunctionData(name, values);
const token = getCreateAddress({ from: addressOf(0), nonce: 0 });
const supply = (10n ** 24n).toString(16).padStart(64, "0");

describe("protocol/state/joinWitnesses", () => {
  /** Blocks that create a contract, accounts and slots, and come back to them in later blocks. */
  async function chunks(): Promise<ChunkInput[]> {
    const chain = new EvmChain(6);
    const transfer = (from: number, to: number, amount: bigint) =>
      chain.chunk([[{ from, to: token, data: coin("transfer", [addressOf(to), amount]) }]]);
    const made = [await chain.chunk([[{ from: 3, to: addressOf(40), value: 5n }]])];
    made.push(await chain.chunk([[{ from: 0, to: null, data: PLAIN_COIN.bytecode + supply, gasLimit: 8_000_000n }]])); // prettier-ignore
    made.push(await transfer(0, 1, 7n), await chain.chunk([[]]), await transfer(1, 2, 7n));
    made.push(await chain.chunk([[{ from: 2, to: addressOf(41), value: 5n }, { from: 3, to: addressOf(40), value: 1n }]])); // prettier-ignore
    made.push(await transfer(2, 5, 3n));
    return made;
  }

  it("of consecutive blocks is one from which all of them are executed", async () => {
    const made = await chunks();
    for (const [from, first] of made.entries())
      for (let end = from + 1; end <= made.length; end++) {
        const range = made.slice(from, end);
        const state = joinWitnesses(range.map((input) => input.state));
        const blocks = range.flatMap((input) => input.blocks);
        const { next } = traceChunk({ ...first, blocks, state });
        const after = made[end]?.previous;
        if (after) expect(next).to.deep.equal(after);
      }
  }).timeout(60_000);

  it("holds no code that is made in between", async () => {
    const made = await chunks();
    const ofAll = joinWitnesses(made.map((input) => input.state));
    expect(ofAll.codes).to.deep.equal([]);
    expect(joinWitnesses(made.slice(2).map((input) => input.state)).codes).to.have.length(1);
  }).timeout(60_000);

  it("refuses to join what no witness of them knows", async () => {
    const [first, second] = (await chunks()) as [ChunkInput, ChunkInput];
    const { tree } = second.state;
    // Claims a tree of more leaves than the first witness tells of.
    const grown = { ...first.state, tree: { ...first.state.tree, leafCount: 2 ** 20, nodes: [] } };
    const nodes = siblingPositions(grown.tree).map(() => 1n);
    const lying = { ...grown, tree: { ...grown.tree, nodes } };
    expectError(() => joinWitnesses([lying, { ...second.state, tree }]), { code: "WITNESS_NODE_UNKNOWN" });
  }).timeout(60_000);

  it("refuses witnesses of none, and those of other blocks do not open", async () => {
    const made = await chunks();
    expectError(() => joinWitnesses([]), { code: "WITNESSES_NONE" });
    const [first, , third] = made;
    const lying = joinWitnesses([third!.state, first!.state]);
    expect(() => new WitnessState(lying, third!.previous.stateRoot)).to.throw(/WITNESS_|TREE_/);
  }).timeout(60_000);
});
