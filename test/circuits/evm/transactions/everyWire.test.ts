/**
 * The prover who lies about one wire and fills everything after from the lie. `BVM_TEST_ALL=1` tries all 5,500 (90 s), else some.
 * What he may lie about is listed with the argument; anything else is a hole.
 */
import { expect } from "chai";
import { Random } from "../../../protocol/random.ts";
import { buildSample, samplePlan, sign } from "./sample.ts";

/** A chunk with a place, a row of each kind and a block to spare. */
const PARAMETERS = {
  blocks: 3,
  ancestors: 1,
  transactions: 3,
  streamBytes: 472,
  hashRows: 8,
  dataWords: 4,
  payloadWords: 12,
  accessEntries: 3,
};
const SOME = 200;
const random = new Random();

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
  {
    name: /^previous\.(stateRoot|timestamp)$/,
    because: "of the statement, which is public; the blocks are later than this other time as well",
  },
  { name: /^block\[2\]\.feeRecipient\.(high|low)$/, because: "of an unused block: hashed by nothing" },
  { name: /^blockBytes\.digest\[2\]$/, because: "as above" },
  { name: /^byte\[\d+\]$/, because: "after the last transaction: in no block, no word and no count" },
  { name: /^transaction\[2\]\.block$/, because: "of an unused place: it counts for no block" },
  {
    name: /^transaction\[2\]\.publicKey\.[xy]\[\d+\]$/,
    because: "of an unused place; refused by its signature, which these circuits leave out",
  },
  {
    name: /^transaction\[\d+\]\.oracle\[\d+\]\.digest\.(hi|lo)$/,
    because: "the test's stand-in believes its planner; the pool proves it",
  },
  { name: /^executor\.gasUsed\[2\]$/, because: "of an unused place: counted as 0" },
  {
    name: /^(dataWord\[3\]|payloadWord\[([6-9]|1\d)\]|accessEntry\[2\])\.owner$/,
    because: "of a row that is not active: nothing is read from it",
  },
  {
    name: /^blockHashes\.ancestor\[0\]\.available$/,
    because: "which ancestors are opened is the prover's choice: what needs one that is not has no proof",
  },
];

describe(`evm: a lie about any wire of transactions (seed ${random.seed})`, function () {
  this.timeout(300_000);

  it("is refused", async () => {
    const list = [{ address: `0x${"11".repeat(20)}`, storageKeys: [`0x${"21".repeat(32)}`] }];
    const raws = [
      await sign(2, { data: `0x1234${"00".repeat(40)}56`, accessList: list }),
      await sign(0, { to: null, data: "0x600035" }, 1),
    ];
    const plan = samplePlan([[raws[0]!], [raws[1]!]]);
    const build = (lies: Record<string, (value: bigint) => bigint>): string[] =>
      buildSample(plan, { parameters: PARAMETERS, signers: false, lies }).broken(1);
    expect(build({})).to.deep.equal([]);
    const { circuit } = buildSample(plan, { parameters: PARAMETERS, signers: false });
    const all = Array.from({ length: circuit.wireCount }, (_, wire) => circuit.wireName(wire));
    const names = [...new Set(all)].filter(
      (name) => !name.startsWith("constants.") && !FREE.some((free) => free.name.test(name)),
    );
    const chosen =
      process.env["BVM_TEST_ALL"] === "1" ? names : Array.from({ length: SOME }, () => random.pick(names));
    expect(chosen.filter((name) => build({ [name]: (value) => value ^ 1n }).length === 0)).to.deep.equal([]);
  });
});
