import { expect } from "chai";
import {
  ECRECOVER_GAS,
  identityGas,
  ripemd160Gas,
  sha256Gas,
} from "../../../../circuits/gadgets/precompiles/gas.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { expectCode } from "../../builder/expectCode.ts";
import { buildGadget, input } from "../buildGadget.ts";
import { callPrecompile } from "./reference.ts";

const BY_WORDS = [
  [2, "sha256", sha256Gas],
  [3, "ripemd160", ripemd160Gas],
  [4, "identity", identityGas],
] as const;

describe("gas of the precompiled contracts", () => {
  for (const [number, name, gas] of BY_WORDS)
    it(`${name}: a base and a price for each word begun`, async () => {
      for (const length of [0, 1, 31, 32, 33, 63, 64, 65, 1000]) {
        const built = buildGadget((b) => gas(b, input(b, "length", 32, BigInt(length)), "gas"));
        expectSound(built);
        expect(built.value(built.out)).to.equal((await callPrecompile(number, new Uint8Array(length))).gas);
        expectBroken(built, { "gas.words": 77n }, "gas.words.ceiling");
      }
    });

  it("a length of 2^32 - 1 is taken, a longer one refused while building", () => {
    const of = (bits: number) =>
      buildGadget((b) => sha256Gas(b, input(b, "length", bits, (1n << BigInt(bits)) - 1n), "gas"));
    expectSound(of(32));
    expectCode(() => of(33), {
      code: "BOUND_TOO_LARGE",
      where: "gas",
      wire: 0,
      max: (1n << 33n) - 1n,
      bits: 32,
    });
  });

  it("ecrecover: fixed", async () =>
    expect((await callPrecompile(1, new Uint8Array(128))).gas).to.equal(ECRECOVER_GAS));
});
