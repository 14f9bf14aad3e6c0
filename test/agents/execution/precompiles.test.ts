import { expect } from "chai";
import { MachinePool } from "../../../agents/kit/execution/machinePool.ts";
import { toHex, type Hex } from "../../../agents/kit/hex.ts";
import { CallRunner } from "../../../agents/node/chain/callRunner.ts";
import type { Program } from "../../../protocol/genesis.ts";
import { fillBlock, genesisFile, openChain } from "./chainFixture.ts";
import { addressOf, signed, wallets } from "./wallets.ts";

const PROBE: Hex = `0x${"ab".repeat(20)}`;
const ADDRESSES = Array.from({ length: 10 }, (_, i) => i + 1);
const [SUCCESS, RETURNED] = [0x20, 0x40];

const byte = (n: number): string => n.toString(16).padStart(2, "0");

/** For each address a: slot a = gas of BALANCE and three cheap steps, a + 32 = success of a call with a word of zeros, a + 64 = bytes returned. */
const probe = ADDRESSES.map((a) => {
  const gas = `5a60${byte(a)}31505a900360${byte(a)}55`;
  const call = `6000600060206000 60${byte(a)} 620186a0 fa 60${byte(a + SUCCESS)} 55`;
  return `${gas}${call}3d60${byte(a + RETURNED)}55`.replaceAll(" ", "");
}).join("");

const openProbed = (program: Program) =>
  openChain({
    ...genesisFile,
    program,
    alloc: [...genesisFile.alloc, { address: PROBE, balance: 0, code: `0x${probe}` }],
  });

/** What each address is to code on a chain of `program`. */
async function observe(program: Program) {
  const fixture = await openProbed(program);
  try {
    const raw = await signed(wallets[0]!, { nonce: 0, to: PROBE, gasLimit: 5_000_000n });
    const block = await fillBlock(fixture, [raw]);
    expect(block.receipts[0]!.status).to.equal(1);
    await fixture.chain.seal(block);
    const state = fixture.chain.state(1n);
    const at = (slot: number): number => {
      const value = toHex(state.storage(PROBE, `0x${slot.toString(16).padStart(64, "0")}`));
      return value === "0x" ? 0 : Number(value);
    };
    return ADDRESSES.map((a) => ({
      isWarm: at(a) < 200,
      success: at(a + SUCCESS) === 1,
      returned: at(a + RETURNED),
    }));
  } finally {
    await fixture.close();
  }
}

describe("precompiles", () => {
  const ordinary = { isWarm: false, success: true, returned: 0 };
  const runs = (success: boolean, returned: number) => ({ isWarm: true, success, returned });
  // No signature; two hashes; the word itself; modexp of nothing; BN254's sum, product and no whole pair; no BLAKE2 state.
  const all = [
    runs(true, 0),
    ...[32, 32, 32].map((bytes) => runs(true, bytes)),
    runs(true, 0),
    ...[64, 64].map((bytes) => runs(true, bytes)),
    runs(false, 0),
    runs(false, 0),
    ordinary,
  ];

  it("none: all of Cancun's but point evaluation", async () =>
    expect(await observe("none")).to.deep.equal(all));

  it("evm: without BN254, whose addresses are ordinary accounts: cold, and without code", async () => {
    const absent = [6, 7, 8];
    const expected = all.map((one, i) => (absent.includes(i + 1) ? ordinary : one));
    expect(await observe("evm")).to.deep.equal(expected);
  });

  it("an access list names the ordinary accounts alone", async () => {
    for (const [program, named] of [
      ["none", [10]],
      ["evm", [6, 7, 8, 10]],
    ] as const) {
      const { chain, close } = await openProbed(program);
      const calls = new CallRunner(chain.common, new MachinePool(chain.common), 5_000_000n);
      const environment = { ...chain.head, blockHash: () => chain.head.hash };
      const site = { state: chain.state(0n), environment };
      const { accessList } = await calls.createAccessList({ from: addressOf(wallets[0]!), to: PROBE }, site);
      const listed = accessList.map(({ address }) => BigInt(address)).filter((address) => address < 11n);
      expect(listed.map(Number).sort((a, b) => a - b)).to.deep.equal(named);
      await close();
    }
  });
});
