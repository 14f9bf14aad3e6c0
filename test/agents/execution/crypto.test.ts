import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { keccak256 as reference, SigningKey } from "ethers";
import { ChainCommon } from "../../../agents/kit/execution/chainCommon.ts";
import { keccak256 } from "../../../agents/kit/execution/keccak256.ts";
import { loadNative, loadWasm, recoveryEngine } from "../../../agents/kit/execution/recoverPublicKey.ts";
import { fromHex, toHex, type Hex } from "../../../agents/kit/hex.ts";

describe("crypto of execution", () => {
  it("keccak256 equals an independent one on all lengths around a block", () => {
    for (let length = 0; length < 300; length++) {
      const data = randomBytes(length);
      expect(toHex(keccak256(data))).to.equal(reference(data));
    }
  });

  it("the native and the WebAssembly library recover the same keys, and refuse the same signatures", async () => {
    const native = loadNative();
    expect(recoveryEngine).to.equal(native ? "native" : "wasm");
    const engines = [await loadWasm(), ...(native ? [native] : [])];
    for (let i = 0; i < 20; i++) {
      const key = new SigningKey(randomBytes(32));
      const hash = randomBytes(32);
      const { r, s, yParity } = key.sign(hash);
      const signature = fromHex(`${r}${s.slice(2)}` as Hex);
      for (const recover of engines)
        expect(toHex(recover(hash, signature, yParity))).to.equal(`0x${key.publicKey.slice(4)}`);
    }
    for (const recover of engines)
      for (const bad of [new Uint8Array(64), new Uint8Array(64).fill(0xff)])
        expect(() => recover(randomBytes(32), bad, 0)).to.throw();
  });

  it("one Common serves every transaction: it is never copied, and its rules are Cancun's", () => {
    const common = new ChainCommon(5n, []);
    expect(common.copy()).to.equal(common);
    common.updateParams();
    expect(common.param("txGas")).to.equal(21_000n);
    expect([1153, 5656, 6780].map((eip) => common.isActivatedEIP(eip))).to.deep.equal([true, true, true]);
    expect(common.isActivatedEIP(7702)).to.equal(false);
  });
});
