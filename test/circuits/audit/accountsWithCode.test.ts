/**
 * Attack: a payment to an account that has code, which the EVM runs, proven as one to an account without any. Least of all may a
 * payment of nothing pass, which leaves the recipient's leaf as it is.
 */
import { expect } from "chai";
import type { EvmPlan } from "../../../circuits/programs/evm/evmPlan.ts";
import type { ChunkInput } from "../../../protocol/evm/plan/chunkState.ts";
import { planTree } from "../../../protocol/evm/plan/execution/leavesPlan.ts";
import { WitnessState } from "../../../protocol/state/witness.ts";
import { CONTRACT, contractsOf } from "../evm/execution/contracts.ts";
import { assemble, chunkOf } from "../evm/execution/demoChain.ts";
import { attempt, fitting } from "../evm/execution/prove.ts";

/** A payment on a chain where CONTRACT has this code. */
const paying = (value: bigint, code: Uint8Array): Promise<ChunkInput> =>
  chunkOf([{ transactions: [{ from: 0, to: CONTRACT, value }] }], contractsOf(code));

/** Constraints broken by the payment, planned where CONTRACT has no code, on the chain of `truth`. */
async function brokenBy(value: bigint, truth: ChunkInput): Promise<readonly string[]> {
  const blind = await paying(value, new Uint8Array());
  const profile = fitting(blind);
  const { stateRoot } = truth.previous;
  const { tree } = new WitnessState(truth.state, stateRoot);
  const change = (plan: EvmPlan): EvmPlan => ({ ...plan, tree: planTree(plan.chunk.leaves, tree, profile) });
  const wires = { "previous.stateRoot": stateRoot, "state.root": tree.root() };
  return attempt(profile, blind, { change, wires }).broken;
}

describe("audit: accounts with code", function () {
  this.timeout(60_000);

  for (const value of [0n, 1n]) {
    it(`a payment of ${value} to one without is proven`, async () =>
      expect(await brokenBy(value, await paying(value, new Uint8Array()))).to.deep.equal([]));

    it(`ATTACK a payment of ${value} to one is refused by its leaf`, async () => {
      const broken = await brokenBy(value, await paying(value, assemble("STOP")));
      expect(broken).to.have.length(1);
      expect(broken[0]).to.match(/^leaf\.account\[\d\]\.claim\.isBefore$/);
    });
  }
});
