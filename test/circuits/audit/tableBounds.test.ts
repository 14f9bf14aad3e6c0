/**
 * Attack: a table is read below its first entry, at p - 1, p - 2, .. `check` refuses such a read, and so does the witness
 * generator of `bb`, which a cheating prover does not run. Two things hold, each by itself: the constraints of `bb` 5.0.0 pin
 * the first sorted index to 0 (sortedRom.ts), and the builder takes no index that is not proven small without the table
 * (rom.ts; test/circuits/builder/tables.test.ts). With neither, the forgery below is a proof.
 */
import { expect } from "chai";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { mod } from "../../../protocol/field.ts";
import { buildSample, PARAMETERS as SAMPLE, samplePlan, sign } from "../evm/transactions/sample.ts";
import { brokenInBarretenberg, sortedListHolds, sortRecords } from "./sortedRom.ts";

/** Room for one place that is not used. */
const PARAMETERS = { ...SAMPLE, blocks: 1, ancestors: 0, transactions: 2 };

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

  it("evm.readOwnBlock at block p - 2 would pay no base fee: its range and the bounds of two tables refuse it", async () => {
    // Less than the base fee: only a block that asks for none takes it.
    const raw = await sign(2, { maxFeePerGas: 5n, maxPriorityFeePerGas: 5n });
    const lies = {
      // The transaction reads at -2; the unused place fills -1, so that the steps are of 1.
      "transaction[0].block": -2n,
      "transaction[0].block.first": 0n,
      "transaction[0].block.following": 1n,
      "transaction[0].block.baseFee": 0n,
      "transaction[1].block": -1n,
      "transaction[1].block.first": 1n,
    };
    const { circuit, witness } = buildSample(samplePlan([[raw]]), { parameters: PARAMETERS, lies });
    const shape = buildSample(null, { parameters: PARAMETERS }).circuit;
    expect(circuitDigest(circuit)).to.equal(circuitDigest(shape));
    // Each place's own range is the second line of defence: without it and without the pinned start this is a proof.
    const refusedBy = (isStartPinned: boolean) => brokenInBarretenberg(circuit, witness, isStartPinned);
    expect(refusedBy(false)).to.deep.equal(["transaction[0].block", "transaction[1].block"]);
    expect(refusedBy(true)).to.include.members(["firstTransactions", "baseFees"]);
  });
});
