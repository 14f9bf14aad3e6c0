import { expect } from "chai";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { brokenBy } from "../../../../circuits/builder/forge.ts";
import { witnessBits } from "../../../../circuits/builder/ranges.ts";
import { createMessage } from "../../../../circuits/programs/evm/execution/createAddress.ts";
import { firstBirth } from "../../../../circuits/programs/evm/execution/firstBirth.ts";
import { encodeBytes, encodeList, encodeUint } from "../../../../protocol/evm/machine/rlp.ts";
import { uintToBytes } from "../../../../protocol/evm/machine/word.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";

const CREATOR = 0xc0ffee0000000000000000000000000000000001n;

function message(nonce: bigint, creator = CREATOR): Built {
  const b = new Builder();
  const who = witnessBits(b, 160, "who", () => creator);
  const made = createMessage(
    b,
    who,
    witnessBits(b, 64, "nonce", () => nonce),
    "made",
  );
  b.publicInput(made, "made");
  return b.finish();
}

function least(births: readonly bigint[], b: Builder = new Builder()): Built {
  const wires = births.map((birth, i) => witnessBits(b, 14, `birth[${i}]`, () => birth));
  b.publicInput(firstBirth(b, wires, "least"), "least");
  return b.finish();
}

const result = ({ circuit, witness }: Built): bigint => witness[circuit.publicInputs[0]!.wire]!;

describe("EVM: the name of a created account", () => {
  const nonces = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 0xffffn, 0x10000n, (1n << 32n) - 1n, 1n << 56n, (1n << 64n) - 2n]; // prettier-ignore
  for (const nonce of nonces)
    it(`commits to rlp([creator, ${nonce}])`, () => {
      for (const creator of [CREATOR, 0n, (1n << 160n) - 1n]) {
        const built = message(nonce, creator);
        expect(check(built.circuit, built.witness).broken).to.deep.equal([]);
        const encoded = encodeList([encodeBytes(uintToBytes(creator, 20)), encodeUint(nonce)]);
        expect(result(built)).to.equal(messageCommitment(encoded));
      }
    });

  it("has one form a nonce", () => {
    const names = (nonce: bigint, from: number, to: number): string[] =>
      brokenBy(message(nonce), { [`made.form[${from}]`]: 0n, [`made.form[${to}]`]: 1n }).map(
        ({ name }) => name,
      );
    expect(names(5n, 1, 2)).to.include("made.least");
    expect(names(5n, 1, 0)).to.include("made.most");
    expect(names(0x80n, 2, 1)).to.include("made.most");
    expect(names(0x100n, 3, 4)).to.include("made.least");
    expect(brokenBy(message(5n), { "made.form[1]": 0n }).map(({ name }) => name)).to.include("made.form.one");
  });

  it("has one creator", () => {
    const [high, low] = [CREATOR >> 48n, CREATOR & ((1n << 48n) - 1n)];
    const forged = { "made.creator.high": high - 1n, "made.creator.low": low + (1n << 48n) };
    expect(brokenBy(message(5n), forged).map(({ name }) => name)).to.include("made.creator.low");
  });
});

describe("EVM: the first birth", () => {
  const cases = [[[0n, 0n, 0n], 0n], [[0n, 3n, 0n], 3n], [[5n, 3n, 9n], 3n], [[1n, 0n, 1n], 1n], [[0n, 0n, 16_383n], 16_383n]] as const; // prettier-ignore
  for (const [births, expected] of cases)
    it(`of ${births.join()}`, () => {
      const built = least(births);
      expect(check(built.circuit, built.witness).broken).to.deep.equal([]);
      expect(result(built)).to.equal(expected);
    });

  it("is neither a later one, nor none, nor one of nobody", () => {
    const told = (births: readonly bigint[], first: bigint): string[] => {
      const { circuit, witness } = least(births, new LyingBuilder({ "least.first": first }));
      return check(circuit, witness, 100).broken.map(({ name }) => name);
    };
    expect(told([5n, 3n, 9n], 5n)).to.deep.equal(["least.least[1]"]);
    expect(told([5n, 3n, 0n], 0n)).to.deep.equal(["least.none.allNone"]);
    expect(told([5n, 3n, 0n], 2n)).to.deep.equal(["least.isOne"]);
  });
});
