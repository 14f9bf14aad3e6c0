import { expect } from "chai";
import { getCreateAddress } from "ethers";
import { check } from "../../../circuits/builder/check.ts";
import { chunkCircuit } from "../../../circuits/programs/chunkCircuits.ts";
import type { ChunkInput } from "../../../circuits/programs/chunkInput.ts";
import { noAncestors } from "../../../protocol/ancestors.ts";
import type { ChunkInput as PlanInput } from "../../../protocol/evm/plan/chunkState.ts";
import { addressOf, EvmChain } from "../../evm/evmChain.ts";
import { PLAIN_COIN } from "../../evm/plainCoin.ts";
import { expectCode } from "../builder/expectCode.ts";

const token = getCreateAddress({ from: addressOf(0), nonce: 0 });
const supply = (10n ** 24n).toString(16).padStart(64, "0");
const transfer = (from: number, to: number) => ({
  from,
  to: token,
  data: PLAIN_COIN.abi.encodeFunctionData("transfer", [addressOf(to), 7n]),
});

/** As a prover gets it: blocks, each with its own witness. */
function jobOf(parts: readonly PlanInput[]): ChunkInput {
  const [{ chainId, gasLimit, previous }] = parts as [PlanInput];
  const blocks = parts.flatMap(({ blocks: [data], state }) => (data ? [{ data, state }] : []));
  return { chainId, gasLimit, previous, ancestors: noAncestors(previous.dataHash), blocks };
}

describe("evm: circuits of the profiles, filled from jobs", () => {
  async function chain(): Promise<EvmChain> {
    const made = new EvmChain(6);
    await made.chunk([[{ from: 0, to: null, data: PLAIN_COIN.bytecode + supply, gasLimit: 8_000_000n }]]);
    return made;
  }

  it("holds blocks whose witnesses are under different roots", async () => {
    const made = await chain();
    const parts = [await made.chunk([[transfer(0, 1)]]), await made.chunk([[]]), await made.chunk([[transfer(1, 2)]])]; // prettier-ignore
    const { circuit, witness } = chunkCircuit("evm-small").fill(jobOf(parts));
    expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  }).timeout(120_000);

  it("says what blocks lack, before it is built", async () => {
    const made = await chain();
    const parts = [await made.chunk([[transfer(0, 1), transfer(0, 2), transfer(0, 3)]])];
    expectCode(() => chunkCircuit("evm-small").fill(jobOf(parts)), {
      ...{ code: "CAPACITY_EXCEEDED", capacity: "transactions", needed: 3, available: 2 },
    });
  }).timeout(60_000);
});
