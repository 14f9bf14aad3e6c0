/**
 * The prover who lies about true bytes: one value changes while the circuit is filled, all that follows from it follows, and the
 * constraint that refuses is named.
 */
import { expect } from "chai";
import { SigningKey, Transaction } from "ethers";
import { encodeBlock } from "../../../../protocol/block.ts";
import { hashBytes } from "../../../../protocol/hash.ts";
import type { TransactionsPlan } from "../../../../circuits/programs/evm/transactions/plan.ts";
import { ORDER } from "../../../../circuits/gadgets/secp256k1.ts";
import { hex } from "../../gadgets/buildGadget.ts";
import type { Lie } from "../../gadgets/lyingBuilder.ts";
import { buildSample, chainValues, sampleBlocks, type SampleOptions, samplePlan, sign } from "./sample.ts";

const key = (byte: string): string => `0x${byte.repeat(32)}`;
const LIST = [
  { address: `0x${"11".repeat(20)}`, storageKeys: [key("21"), key("22")] },
  { address: `0x${"12".repeat(20)}`, storageKeys: [] },
];
const DATA = `0xa9059cbb${"00".repeat(12)}${"ab".repeat(20)}${"00".repeat(31)}05`;

/** A call with data (3 words), one with an access list (4 entries) and 2 words, a creation of 1 word: in blocks 0, 2, 2. */
const raws = Promise.all([
  sign(2, { data: DATA }),
  sign(1, { data: `0x${"07".repeat(40)}`, accessList: LIST }, 1),
  sign(0, { to: null, data: "0x600035" }, 2),
]);
const honest = raws.then(([a, b, c]) => samplePlan([[a!], [], [b!, c!]]));

async function broken(lies: Record<string, Lie>, options: SampleOptions = {}): Promise<string[]> {
  return buildSample(await honest, { signers: false, ...options, lies }).broken();
}

const refuses = async (
  lies: Record<string, Lie>,
  constraint: string,
  options?: SampleOptions,
): Promise<void> => {
  expect(await broken(lies, options)).to.include(constraint);
};

const plus =
  (n: bigint): Lie =>
  (value) =>
    value + n;

describe("evm refuses lies about its transactions", function () {
  this.timeout(60_000);

  it("and believes the truth", async () => expect(await broken({}, { signers: true })).to.deep.equal([]));

  const cases: Record<string, Record<string, [Record<string, Lie>, string]>> = {
    "about lengths and forms": {
      "a byte of data less": [
        { "transaction[0].raw.data.length": plus(-1n) },
        "transaction[0].raw.data.isHeader",
      ],
      "a byte of data more": [
        { "transaction[0].raw.data.length": plus(1n) },
        "transaction[0].raw.data.isHeader",
      ],
      "no data": [{ "transaction[0].raw.data.length": 0n }, "transaction[0].raw.data.isHeader"],
      "a byte of data that is its header": [
        { "transaction[0].raw.data.single": 1n },
        "transaction[0].raw.data.shortest",
      ],
      "another form": [
        { "transaction[0].raw.data.header.form[1]": 0n, "transaction[0].raw.data.header.form[2]": 1n },
        "transaction[0].raw.data.header.least",
      ],
      "a shorter form": [
        { "transaction[0].raw.data.header.form[1]": 0n, "transaction[0].raw.data.header.form[0]": 1n },
        "transaction[0].raw.data.header.most",
      ],
      "two forms": [
        { "transaction[0].raw.data.header.form[2]": 1n },
        "transaction[0].raw.data.header.form.one",
      ],
      "a shorter list": [{ "transaction[0].raw.list.length": plus(-1n) }, "transaction[0].raw.list.fills"],
      "no access list": [
        { "transaction[1].raw.accessList.length": 0n },
        "transaction[1].raw.accessList.isHeader",
      ],
      "an access list of a legacy transaction": [
        { "transaction[2].raw.accessList.length": 1n },
        "transaction[2].raw.accessList.absent",
      ],
      "a creation that is a call": [
        { "transaction[2].raw.to.isPresent": 1n },
        "transaction[2].raw.to.head.is",
      ],
      "a call that is a creation": [
        { "transaction[0].raw.to.isPresent": 0n },
        "transaction[0].raw.to.head.is",
      ],
      "a legacy transaction that is typed": [
        { "transaction[2].raw.isAccessList": 1n },
        "transaction[2].raw.type",
      ],
      "a typed transaction that is legacy": [
        { "transaction[1].raw.isAccessList": 0n },
        "transaction[1].raw.list.isHeader",
      ],
      "a string that is a byte": [
        { "transaction[0].raw.value.isString": 1n },
        "transaction[0].raw.value.rest",
      ],
      "a byte that is a string": [
        { "transaction[0].raw.maxFee.isString": 0n },
        "transaction[0].raw.maxFee.rest",
      ],
    },
    "about data": {
      "a word less": [{ "transaction[0].dataWords": plus(-1n) }, "transaction[0].dataWords.spare"],
      "a word more": [{ "transaction[0].dataWords": plus(1n) }, "transaction[0].dataWords.spare"],
      "a word of another transaction": [{ "dataWord[0].owner": 1n }, "dataWord[0].index"],
      "a word of the transaction before": [{ "dataWord[3].owner": 0n }, "dataWord[3].rest"],
      "words swapped": [{ "dataWord[0].index": 1n, "dataWord[1].index": 0n }, "dataWord[0].index"],
      "another word": [{ "dataWord[1].word.lo": plus(1n) }, "dataWord[1].word.lo"],
      "the last word unused": [{ "dataWord[4].active": 0n }, "dataWord.holdsAll"],
      "an unused row used": [{ "dataWord[5].active": 1n }, "dataWord.holdsAll"],
      "a gap": [{ "dataWord[4].active": 0n, "dataWord[5].active": 1n }, "dataWord[5].active.prefix"],
      "a cut word": [{ "dataWord[0].word.last.inside": 0n }, "dataWord[0].word.last.inside.low"],
      "a last word that goes on": [
        { "dataWord[2].word.middle.inside": 1n },
        "dataWord[2].word.middle.inside.low",
      ],
    },
    "about zero bytes": {
      "more zeros": [{ "transaction[0].data.zeros.count": plus(1n) }, "transaction[0].data.zeros.count"],
      "a zero that is none": [{ "zeros.isZero[60]": (bit) => 1n - bit }, "zeros.isZero[60].one"],
      "a zero more before a group": [{ "zeros.before[64]": plus(1n) }, "zeros.before[64]"],
      "another group": [
        { "transaction[0].data.zeros.to.group": plus(-1n) },
        "transaction[0].data.zeros.to.split",
      ],
      "another rest": [
        { "transaction[0].data.zeros.to.group": plus(-1n), "transaction[0].data.zeros.to.rest": plus(8n) },
        "transaction[0].data.zeros.to.rest",
      ],
      "bytes of the group": [
        { "transaction[0].data.zeros.to.byte[6]": plus(1n) },
        "transaction[0].data.zeros.to.bytes.are",
      ],
      "zeros of the group": [
        { "transaction[0].data.zeros.to.isZero[6]": (bit) => 1n - bit },
        "transaction[0].data.zeros.to.isZero[6].one",
      ],
    },
    "about access lists": {
      "an entry dropped": [{ "transaction[1].access.count": plus(-1n) }, "accessEntry[2].last.endsList"],
      "an entry added": [{ "transaction[1].access.count": plus(1n) }, "accessEntry[4].last.endsList"],
      "all entries dropped": [{ "transaction[1].access.count": 0n }, "transaction[1].access.complete"],
      "an entry for one without": [{ "transaction[0].access.count": 1n }, "accessEntry[0].last.endsList"],
      "an entry of a foreign transaction": [{ "accessEntry[0].owner": 0n }, "accessEntry[0].rest"],
      "a key that is an address": [{ "accessEntry[1].isKey": 0n }, "accessEntry[1].isKey"],
      "another list's start": [{ "accessEntry[0].position": plus(1n) }, "accessEntry[0].position"],
      "an entry twice": [{ "accessEntry[1].position": (at) => at - 33n }, "accessEntry[1].position"],
      "another address of a key": [{ "accessEntry[1].address": plus(1n) }, "accessEntry[1].address"],
      "another address": [{ "accessEntry[0].entry.address": plus(1n) }, "accessEntry[0].entry.address"],
      "another key": [{ "accessEntry[1].key.lo": plus(1n) }, "accessEntry[1].key.lo"],
      "a longer entry": [{ "accessEntry[0].entry.length": plus(33n) }, "accessEntry[0].keys.endEntry"],
      "keys that end early": [{ "accessEntry[0].keys.length": plus(-33n) }, "accessEntry[0].keys.isHeader"],
      "an entry closed early": [{ "accessEntry[1].isClosed": 1n }, "accessEntry[1].isClosed.zero"],
      "keys counted less": [{ "accessEntry[1].keys": plus(-1n) }, "accessEntry[1].keys"],
      "fewer keys": [{ "transaction[1].access.keys": plus(-1n) }, "transaction[1].access.keys"],
    },
    "about gas": {
      "less intrinsic gas": [{ "transaction[0].intrinsic": plus(-4n) }, "transaction[0].intrinsic"],
      "more gas left": [{ "transaction[0].intrinsic.left": plus(1n) }, "transaction[0].intrinsic.left"],
      "less gas used in a block": [{ "block[2].gasUsed": plus(-1n) }, "gas.ofBlock[2]"],
      "gas used in an empty block": [{ "block[1].gasUsed": 1n }, "gas.ofBlock[1]"],
      "another base fee": [{ "block[1].baseFee.result": plus(1n) }, "block[1].baseFee.result"],
    },
    "about places and blocks": {
      "a transaction in another block": [{ "transaction[1].block": 1n }, "transaction[1].block.endsAfter"],
      "a transaction in an earlier block": [{ "transaction[1].block": 0n }, "transaction[1].block.endsAfter"],
      "a transaction in a later block": [{ "transaction[0].block": 2n }, "transaction[0].block.startsBefore"],
      "a transaction dropped": [{ "transaction[2].active": 0n }, "transactions.asBlocksCount"],
      "a transaction added": [{ "transaction[3].active": 1n }, "transactions.asBlocksCount"],
      "a gap of places": [
        { "transaction[2].active": 0n, "transaction[3].active": 1n },
        "transaction[3].active.prefix",
      ],
      "a block's transactions moved": [
        { "block[0].transactions": 2n, "block[2].transactions": 1n },
        "blockBytes.row[5].digest",
      ],
      "a block unused": [{ "block[1].active": 0n }, "block[2].active.prefix"],
      "another time": [{ "block[1].timestamp": plus(-2n) }, "block[1].timestamp.later"],
      "another fee recipient": [{ "block[0].feeRecipient.low": plus(1n) }, "blockBytes.row[2].digest"],
    },
    "about what is signed": {
      "another header": [{ "transaction[0].payload.list.form[1]": 0n, "transaction[0].payload.list.form[2]": 1n }, "transaction[0].payload.list.least"], // prettier-ignore
      "a word less": [{ "transaction[0].payload.words": plus(-1n) }, "transaction[0].payload.words.spare"],
      "another word": [{ "payloadWord[1].items.lo": plus(1n) }, "payloadWord[1].items.lo"],
      "a word of another": [{ "payloadWord[1].owner": 1n }, "payloadWord[1].index"],
      "no suffix": [{ "transaction[2].payload.isLegacy": 0n }, "transaction[2].payload.isLegacy"],
      "a suffix that begins elsewhere": [{ "suffix.byte[0]": plus(1n) }, "suffix.bytes"],
      "another commitment": [{ "transaction[0].payload.state": plus(1n) }, "transaction[0].payload.state"],
      "another key": [
        { "transaction[0].publicKey.x[3]": (byte) => byte ^ 1n },
        "transaction[0].oracle[1].isMessage",
      ],
      "another sender": [{ "transaction[0].sender.high": plus(1n) }, "transaction[0].sender.split"],
      "another digest": [
        { "transaction[0].digest.bytes.hi[0]": (byte) => byte ^ 1n },
        "transaction[0].digest.bytes.hi",
      ],
    },
    "about ancestors": {
      "another ancestor": [{ "blockHashes.ancestor[0].parent": plus(1n) }, "blockHashes.ancestor[0].opens"],
      "another digest": [{ "blockHashes.ancestor[1].digest": plus(1n) }, "blockHashes.ancestor[1].opens"],
      "a gap": [{ "blockHashes.ancestor[0].available": 0n }, "blockHashes.ancestor[1].available.prefix"],
    },
  };
  for (const [group, members] of Object.entries(cases))
    describe(group, () => {
      for (const [name, [lies, constraint]] of Object.entries(members))
        it(name, () => refuses(lies, constraint));
    });

  it("refuses an ancestor of the genesis block", async () => {
    const early = (blockNumber: bigint): SampleOptions => ({
      chain: (values) => ({ ...values, previous: { ...values.previous, blockNumber } }),
    });
    const names = (await broken({}, early(1n))).filter((name) => name.startsWith("blockHashes.ancestor"));
    expect(names).to.deep.equal(["blockHashes.ancestor[1].number"]);
    const none = (await broken({}, early(2n))).filter((name) => name.startsWith("blockHashes.ancestor"));
    expect(none).to.deep.equal([]);
  });

  it("refuses gas limits that do not fit a block together", async () => {
    const gasLimit = chainValues().gasLimit - 50_000n;
    const fits = samplePlan([[await sign(2), await sign(2, { gasLimit })]]);
    expect(buildSample(fits, { signers: false }).broken()).to.deep.equal([]);
    const over = samplePlan([[await sign(2), await sign(2, { gasLimit: gasLimit + 1n })]]);
    expect(buildSample(over, { signers: false }).broken()).to.deep.equal(["gas.left[1]"]);
    // In the next block there is room again.
    const apart = samplePlan([[await sign(2)], [await sign(2, { gasLimit: gasLimit + 1n })]]);
    expect(buildSample(apart, { signers: false }).broken()).to.deep.equal([]);
  });

  describe("about the signer", () => {
    const withKey = (plan: TransactionsPlan, i: number, signer: string): TransactionsPlan => {
      const point = Buffer.from(SigningKey.computePublicKey(signer, false).slice(4), "hex");
      const integer = (from: number): bigint =>
        BigInt(`0x${point.subarray(from, from + 32).toString("hex")}`);
      const publicKey = { x: integer(0), y: integer(32) };
      return {
        ...plan,
        transactions: plan.transactions.map((hint, j) => (i === j ? { ...hint, publicKey } : hint)),
        messages: plan.messages.map((message, j) => (j === 2 * i + 1 ? point : message)),
      };
    };

    it("who is another", async () => {
      const plan = withKey(await honest, 0, `0x${"55".repeat(32)}`);
      expect(buildSample(plan).broken()).to.deep.equal(["transaction[0].signer.signature.holds"]);
    });

    it("who is the one of the other parity", async () => {
      const tx = Transaction.from(`0x${hex((await raws)[0]!)}`);
      const flipped = tx.signature!.clone();
      flipped.v = flipped.v === 27 ? 28 : 27;
      const plan = withKey(await honest, 0, SigningKey.recoverPublicKey(tx.unsignedHash, flipped));
      expect(buildSample(plan).broken()).to.deep.equal(["transaction[0].signer.signature.holds"]);
    });

    it("who signs with a high s", async () => {
      const [raw] = await raws;
      const stream = Uint8Array.from(raw!);
      const high = ORDER - BigInt(Transaction.from(`0x${hex(raw!)}`).signature!.s);
      stream.set(Buffer.from(high.toString(16).padStart(64, "0"), "hex"), stream.length - 32);
      // The parity changes with s.
      const parityAt = stream.length - 67;
      stream[parityAt] = stream[parityAt] === 1 ? 0x80 : 1;
      const [block] = sampleBlocks([[stream]]);
      const plan = samplePlan([[raw!]]);
      const lied = {
        ...plan,
        stream: Uint8Array.from([...plan.stream.slice(0, 4), ...stream]),
        digests: [hashBytes(encodeBlock(block!.data))],
      };
      expect(buildSample(lied).broken()).to.deep.equal(["transaction[0].signer.s.isLow.high"]);
    });
  });
});
