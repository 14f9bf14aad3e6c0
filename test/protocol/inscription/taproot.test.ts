import { expect } from "chai";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { leafCommitted, parseRevealWitness, tapLeafHash } from "../../../protocol/inscription/taproot.ts";
import { expectError } from "../expectError.ts";
import { publicVector } from "../publicVectors.ts";

type ScriptTree = { id: number; script: string; leafVersion: number } | ScriptTree[];
type Vector = {
  given: { scriptTree: ScriptTree | null };
  intermediary: { leafHashes?: string[] };
  expected: { scriptPubKey: string; scriptPathControlBlocks?: string[] };
};

const leavesOf = (tree: ScriptTree | null): { script: string; leafVersion: number }[] =>
  tree === null ? [] : Array.isArray(tree) ? tree.flatMap(leavesOf) : [tree];

describe("protocol/inscription/taproot", () => {
  const { scriptPubKey: vectors } = publicVector("bitcoin/bip-0341-wallet-test-vectors.json") as {
    scriptPubKey: Vector[];
  };
  const cases = vectors.flatMap(({ given, intermediary, expected }) =>
    leavesOf(given.scriptTree).map(({ script, leafVersion }, i) => ({
      output: hexToBytes(expected.scriptPubKey),
      leaf: hexToBytes(script),
      leafVersion,
      leafHash: intermediary.leafHashes?.[i],
      controlBlock: hexToBytes(expected.scriptPathControlBlocks?.[i] as string),
    })),
  );

  it("I-INSC-03: accepts every leaf of the BIP-341 vectors, and none of them altered anywhere", () => {
    expect(cases).to.have.length(12);
    for (const { output, leaf, leafVersion, leafHash, controlBlock } of cases) {
      const check = (o = output, l = leaf, c = controlBlock, v = leafVersion) => leafCommitted(o, l, c, v);
      expect(bytesToHex(tapLeafHash(leaf, leafVersion))).to.equal(leafHash);
      expect(check()).to.equal(true);
      const flip = (bytes: Uint8Array, i: number) => bytes.with(i, (bytes[i] as number) ^ 1);
      for (let i = 0; i < leaf.length; i += 5)
        expect(check(output, flip(leaf, i)), `leaf byte ${i}`).to.equal(false);
      for (let i = 0; i < controlBlock.length; i += 7)
        expect(check(output, leaf, flip(controlBlock, i)), `control byte ${i}`).to.equal(false);
      for (let i = 0; i < output.length; i += 3)
        expect(check(flip(output, i)), `output byte ${i}`).to.equal(false);
      expect(check(output, leaf, controlBlock.slice(0, -1))).to.equal(false);
      expect(check(output, leaf, controlBlock.slice(0, 32))).to.equal(false);
      expect(check(output, leaf, controlBlock, leafVersion ^ 2)).to.equal(false);
      expect(check(output.slice(0, -1))).to.equal(false);
    }
  }).timeout(60_000);

  it("is false, not an exception, for internal keys that are on no point", () => {
    const [{ output, leaf, controlBlock }] = cases as [(typeof cases)[0]];
    for (const fill of [0x00, 0xff]) {
      const control = controlBlock.slice();
      control.fill(fill, 1, 33);
      expect(leafCommitted(output, leaf, control)).to.equal(false);
    }
  });

  it("takes a reveal's witness of exactly three items", () => {
    const items = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
    expect(parseRevealWitness(items).leaf).to.deep.equal(Uint8Array.of(2));
    for (const wrong of [items.slice(1), [...items, Uint8Array.of(0x50)], []])
      expectError(() => parseRevealWitness(wrong), {
        code: "REVEAL_WITNESS_ITEMS",
        expected: 3,
        actual: wrong.length,
      });
  });
});
