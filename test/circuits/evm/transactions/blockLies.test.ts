/** The prover who lies about blocks, and about which bytes are whose; as in lies.test.ts. */
import { expect } from "chai";
import type { TransactionsPlan } from "../../../../circuits/programs/evm/transactions/plan.ts";
import type { Lie } from "../../gadgets/lyingBuilder.ts";
import { buildSample, type SampleOptions, samplePlan, sign } from "./sample.ts";

/** Two transactions in the first block, none in the second, and a block and two places that are not used. */
const honest = Promise.all([sign(2), sign(1, {}, 1)]).then((raws) => samplePlan([raws, []]));

const broken = async (lies: Record<string, Lie>, options: SampleOptions = {}): Promise<string[]> =>
  buildSample(await honest, { signers: false, ...options, lies }).broken();

const plus =
  (n: bigint): Lie =>
  (value) =>
    value + n;
const flip: Lie = (bit) => 1n - bit;

describe("evm refuses lies about its blocks", function () {
  this.timeout(60_000);

  const cases: Record<string, [Record<string, Lie>, string]> = {
    "none at all": [{ "block[0].active": 0n }, "blocks.atLeastOne"],
    "an unused one with transactions": [{ "block[2].transactions": 1n }, "block[2].idle.noTransactions"],
    "an unused one in which time passes": [{ "block[2].timestamp": plus(9n) }, "block[2].timestamp.idle"],
    "another step of the base fee": [{ "block[0].baseFee.step": plus(1n) }, "block[0].baseFee.division"],
    "a base fee that rises instead of falling": [{ "block[1].baseFee.rises": flip }, "block[1].baseFee.rises.low"], // prettier-ignore
    "a base fee from nowhere": [{ "block[0].after.baseFee": plus(1n) }, "block[0].after.baseFee"],
    "gas that was not used": [{ "block[0].after.gasUsed": 0n }, "block[0].after.gasUsed"],
    "transactions that begin elsewhere": [{ "transaction[1].at": 0n }, "transaction[1].at"],
    "transactions that end elsewhere": [{ "transaction[0].next": plus(1n) }, "transaction[0].next"],
    "a transaction of the block before all": [{ "transaction[1].block": -1n }, "transaction[1].block"],
    "and of the one before that": [{ "transaction[1].block": -2n }, "transaction[1].block"],
    "a tip that is capped, or is not": [{ "transaction[0].fee.isCapped": flip }, "transaction[0].fee.isCapped.low"], // prettier-ignore
    "a smaller tip": [{ "transaction[0].tip": plus(-1n) }, "transaction[0].tip"],
  };
  for (const [name, [lies, constraint]] of Object.entries(cases))
    it(name, async () => expect(await broken(lies)).to.include(constraint));

  const hashed: Record<string, (plan: TransactionsPlan) => TransactionsPlan> = {
    "altered bytes under the same hash": (plan) => ({ ...plan, stream: plan.stream.with(40, plan.stream[40]! ^ 1) }),
    "another hash of the same bytes": (plan) => ({ ...plan, digests: plan.digests.with(0, 5n) }),
    "each other's hashes": (plan) => ({ ...plan, digests: plan.digests.toReversed() }),
  }; // prettier-ignore
  for (const [name, plan] of Object.entries(hashed))
    it(name, async () =>
      expect((await broken({}, { plan })).join()).to.match(/blockBytes\.row\[\d+\]\.digest/),
    );

  it("another gas used before the first: its base fee follows from that", async () => {
    const chain: SampleOptions["chain"] = (values) => ({
      ...values,
      previous: { ...values.previous, gasUsed: values.gasLimit },
    });
    expect((await broken({}, { chain })).join()).to.match(/blockBytes\.row\[\d+\]\.digest/);
  });

  it("another challenge than the one that commits to all signers", async () => {
    const told = async (lie: Record<string, Lie>, name: string) =>
      expect(await broken(lie, { signers: true })).to.include(name);
    await told({ "challenge.seed.lo": (seed) => seed ^ 1n }, "challenge.seed.split");
    await told({ "challenge.hash.permutation[0][0]": 1n }, "challenge.hash.permutation[0]");
  });

  it("another parity than the one that was signed", async () => {
    // yParity stands 67 bytes before the end: after it r and s, 33 each.
    const plan = (truth: TransactionsPlan): TransactionsPlan => {
      const at = truth.stream.length - 67;
      return { ...truth, stream: truth.stream.with(at, truth.stream[at] === 1 ? 0x80 : 1) };
    };
    expect(await broken({}, { plan, signers: true })).to.include("transaction[1].signer.signature.holds");
  });
});
