/**
 * The program `transfers` knows no code. Attack: a transfer to an account that has code, which would run in the EVM, proven
 * as one that only pays. Least of all may a transfer of nothing pass: the recipient must be shown to have no code even if
 * its leaf does not change.
 */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { planTransfers } from "../../../circuits/programs/transfers/plan.ts";
import { EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { accountChange, changeState } from "../../../protocol/state/changes.ts";
import { DemoChain, type DemoBlock, MINER } from "../transfers/demoChain.ts";

const PARAMETERS = { transfers: 1, blocks: 1, depth: 32 };
const CONTRACT = `0x${"c0".repeat(20)}` as const;

/** Constraints broken by a block on a chain where CONTRACT has code. */
async function brokenBy(block: DemoBlock): Promise<string[]> {
  const chain = new DemoChain();
  const account = { ...EMPTY_ACCOUNT, nonce: 1n, codeSize: 1n, codeHash: 5n, codeCommitment: 7n };
  chain.accounts.set(CONTRACT, account);
  changeState(chain.tree, [[accountChange(CONTRACT, account)]]);
  chain.tip = { ...chain.tip, stateRoot: chain.stateRoot() };
  const input = await chain.input([block]);
  const { circuit, witness } = buildTransfers(PARAMETERS, planTransfers(PARAMETERS, input).plan);
  return check(circuit, witness, 100).broken.map(({ name }) => name);
}

const OLD_LEAF = /^transfer\[0\]\.credit\[\d\]\.replaced\.oldLeaf$/;

describe("audit: accounts with code", function () {
  this.timeout(60_000);

  it("leave transfers among others alone", async () =>
    expect(await brokenBy({ transfers: [{ from: 0, to: MINER, value: 1n }] })).to.deep.equal([]));

  for (const value of [0n, 1n])
    it(`ATTACK a transfer of ${value} to one is refused`, async () => {
      const names = await brokenBy({ transfers: [{ from: 0, to: CONTRACT, value }] });
      expect(names.some((name) => OLD_LEAF.test(name))).to.equal(true);
    });

  it("get no fees, not even of 0", async () => {
    const transfer = { from: 0, to: MINER, value: 1n };
    for (const maxPriorityFeePerGas of [0n, 3n]) {
      const transfers = [{ ...transfer, maxPriorityFeePerGas, maxFeePerGas: 2_000_000_000n }];
      const names = await brokenBy({ transfers, feeRecipient: CONTRACT });
      expect(names.some((name) => OLD_LEAF.test(name))).to.equal(true);
    }
  });
});
