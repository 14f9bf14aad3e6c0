/**
 * Attack: a table is read below its first entry, at p - 1, p - 2, .. `check` refuses such a read, and so does the witness
 * generator of `bb`, which a cheating prover does not run. Two things hold, each by itself: the constraints of `bb` 5.0.0 pin
 * the first sorted index to 0 (sortedRom.ts), and the builder takes no index that is not proven small without the table
 * (rom.ts; test/circuits/builder/tables.test.ts). With neither, the forgery below is a proof.
 */
import { expect } from "chai";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { TransfersPlanner } from "../../../circuits/programs/transfers/plan.ts";
import type { DecodedTransfer } from "../../../circuits/programs/transfers/decodeTransfer.ts";
import { TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import type { Address } from "../../../protocol/address.ts";
import { addressToField } from "../../../protocol/address.ts";
import type { BlockData } from "../../../protocol/block.ts";
import { mod } from "../../../protocol/field.ts";
import type { AccountState } from "../../../protocol/state/account.ts";
import { type Lie, LyingBuilder } from "../gadgets/lyingBuilder.ts";
import { addressOf, DemoChain } from "../transfers/demoChain.ts";
import { brokenInBarretenberg, sortedListHolds, sortRecords } from "./sortedRom.ts";

const PARAMETERS = { transfers: 2, blocks: 1, depth: 32 };
/** All that account 0 owns, for the gas of one transfer. */
const TIP = (10n ** 20n - 5n) / TRANSFER_GAS;
const ATTACKER = addressOf(3);

class Minter extends TransfersPlanner {
  protected override tip(): bigint {
    return TIP;
  }
  protected override debited(account: AccountState, transfer: DecodedTransfer): AccountState {
    return super.debited(account, transfer, 0n);
  }
  protected override credits(transfer: DecodedTransfer, block: BlockData, fees: bigint): [Address, bigint][] {
    return super.credits(transfer, { ...block, feeRecipient: ATTACKER }, fees);
  }
}

describe("audit: tables read below their first entry", function () {
  this.timeout(120_000);

  it("are refused by the pinned start of the sorted list, and by nothing else in it", () => {
    const entries = [[0n, 10n], [1n, 11n], [2n, 12n]] as const; // prettier-ignore
    const holds = (isStartPinned: boolean, ...reads: (readonly [bigint, bigint])[]): boolean =>
      sortedListHolds(
        sortRecords([...entries, ...reads.map(([i, v]) => [mod(i), v] as const)]),
        3,
        isStartPinned,
      );
    for (const pinned of [true, false]) {
      expect(holds(pinned, [1n, 11n])).to.equal(true);
      expect(holds(pinned, [1n, 12n]), "a wrong value").to.equal(false);
      expect(holds(pinned, [3n, 0n]), "past the end").to.equal(false);
      expect(holds(pinned, [-2n, 666n]), "a gap").to.equal(false);
      expect(holds(pinned, [-1n, 666n]), "just below").to.equal(!pinned);
      expect(holds(pinned, [-1n, 666n], [-2n, 777n]), "and below that").to.equal(!pinned);
    }
  });

  it("transfers.readBlock at block p - 2 would mint fees: its range and the bounds of three tables refuse it", async () => {
    const chain = new DemoChain();
    const honest = buildTransfers(PARAMETERS, null).circuit;
    const pay = { from: 0, to: addressOf(1), value: 5n, maxFeePerGas: TIP, maxPriorityFeePerGas: TIP };
    const input = await chain.input([{ transfers: [pay] }]);
    const planner = new Minter(input);
    for (const block of input.blocks) planner.addBlock(block);
    const lies: Record<string, Lie> = {
      // The transfer reads at -2; the unused place fills -1, so that the steps are of 1.
      "transfer[0].block": -2n,
      "transfer[0].block.first": 0n,
      "transfer[0].block.following": 1n,
      "transfer[0].block.baseFee": mod(-TIP),
      "transfer[0].block.feeRecipient": addressToField(ATTACKER),
      "transfer[1].block": -1n,
      "transfer[1].block.first": 1n,
    };
    const builder = new LyingBuilder(lies);
    const { circuit, witness } = buildTransfers(PARAMETERS, planner.finish(), builder);
    expect([...builder.told].sort()).to.deep.equal(Object.keys(lies).sort());
    expect(circuitDigest(circuit)).to.equal(circuitDigest(honest));
    // Each place's own range is the second line of defence: without it and without the pinned start this is a proof.
    const refusedBy = (isStartPinned: boolean) => brokenInBarretenberg(circuit, witness, isStartPinned);
    expect(refusedBy(false)).to.deep.equal(["transfer[0].block", "transfer[1].block"]);
    expect(refusedBy(true)).to.include.members(["firstTransfer", "baseFees", "feeRecipients"]);
  });
});
