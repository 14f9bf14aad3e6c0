import { expect } from "chai";
import { meteredCapacities } from "../../../protocol/evm/plan/blockUse.ts";
import { assertEvmTransaction } from "../../../protocol/programs/evm.ts";
import { EVM_CIRCUITS, EVM_PROOFS } from "../../../protocol/programs/evmChunks.ts";
import { POINTS } from "../../../proving/referenceString/files.ts";
import { expectError } from "../expectError.ts";

describe("the program evm", () => {
  const held = {
    gasLimit: 2n ** 29n - 1n,
    maxFeePerGas: 2n ** 128n - 1n,
    nonce: 2n ** 64n - 2n,
    dataBytes: 2 ** 24 - 1,
  };

  it("refuses by name what no circuit has fields for", () => {
    assertEvmTransaction(held);
    const [gasLimit, fee, nonce, bytes] = [2n ** 29n, 2n ** 128n, 2n ** 64n - 1n, 2 ** 24];
    const refusals = [
      [{ gasLimit }, { code: "EVM_GAS_LIMIT", gasLimit, limit: gasLimit }],
      [{ maxFeePerGas: fee }, { code: "EVM_FEE_TOO_LARGE", fee, limit: fee }],
      [{ nonce }, { code: "EVM_NONCE_TOO_LARGE", nonce, limit: nonce }],
      [{ dataBytes: bytes }, { code: "EVM_DATA_TOO_LONG", bytes, limit: bytes }],
    ] as const;
    for (const [change, type] of refusals)
      expectError(() => assertEvmTransaction({ ...held, ...change }), type);
  });

  it("has profiles whose capacities are what is left when every transaction and creation has its place", () => {
    for (const { name, capacities } of EVM_CIRCUITS) {
      const metered = meteredCapacities(capacities);
      for (const [capacity, held] of Object.entries(metered))
        expect(held, `${name}: ${capacity}`).to.be.at.least(0);
      const creations = Math.floor(capacities.segments / 2);
      expect(metered.calls).to.equal(capacities.frames - capacities.transactions - creations);
      expect(metered.treeLeaves).to.equal(capacities.treeReads + capacities.treeWrites);
    }
  });

  it("has circuits that the reference string serves, only the large ones of more than 2^21 gates", () => {
    for (const { name, gates } of EVM_PROOFS.profiles)
      expect(gates, name).to.be.below(name.endsWith("-large") ? POINTS - 1 : 2 ** 21);
  });
});
