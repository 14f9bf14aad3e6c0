import { encodeRlp, toBeArray } from "ethers";
import { expect } from "chai";
import { legacySuffix } from "../../../circuits/gadgets/legacySuffix.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, input, unhex } from "./buildGadget.ts";
import { type Lie, LyingBuilder } from "./lyingBuilder.ts";

const suffixOf = (chainId: bigint, lies: Record<string, Lie> = {}) =>
  buildGadget((b) => legacySuffix(b, input(b, "chainId", 64, chainId), "suffix"), new LyingBuilder(lies));

/** EIP-155: what is signed ends with chain id, 0, 0. */
const expected = (chainId: bigint): Uint8Array =>
  concatBytes([unhex(encodeRlp(toBeArray(chainId))), Uint8Array.of(0x80, 0x80)]);

describe("legacySuffix", () => {
  for (const chainId of [1n, 127n, 128n, 255n, 256n, 65_535n, (1n << 32n) + 1n, (1n << 62n) - 1n])
    it(`ends what is signed as a legacy transaction of chain ${chainId} does`, () => {
      const { out, value, ...built } = suffixOf(chainId);
      expectSound(built);
      const bytes = expected(chainId);
      expect(value(out.length)).to.equal(BigInt(bytes.length));
      expect(value(out.value)).to.equal(BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
    });

  it("refuses another suffix of the chain id, and chain 0", () => {
    const refuses = (lies: Record<string, Lie>, broken: string) =>
      expectBroken(suffixOf(901n, lies), {}, broken);
    refuses({ "suffix.size[2]": 0n, "suffix.size[3]": 1n }, "suffix.excess");
    refuses({ "suffix.size[2]": 0n, "suffix.size[1]": 1n }, "suffix.room");
    refuses({ "suffix.isSmall": 1n }, "suffix.gap");
    expectBroken(suffixOf(0n), {}, "suffix.excess");
  });
});
