import { expect } from "chai";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { accountKey, storageKey } from "../../protocol/state/keys.ts";
import { deployCryptoHarness } from "./support/cryptoHarness.ts";
import { address, contract, SLOT, state, toSolidity, user, VALUE, word } from "./support/stateProofInputs.ts";

describe("StateProof.sol", function () {
  this.timeout(60_000);

  const { stateRoot, path } = state();
  const contractPath = path(accountKey(address(1)));
  const slotPath = path(storageKey(address(1), SLOT));

  it("accepts accounts and slots of the state (I-STATEPROOF-01)", async () => {
    const harness = await deployCryptoHarness();
    await harness.assertAccount(stateRoot, address(1), toSolidity(contract), contractPath);
    await harness.assertAccount(stateRoot, address(2), toSolidity(user), path(accountKey(address(2))));
    await harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), slotPath);
  });

  it("refuses any other value, key, path or root (StateRootMismatch)", async () => {
    const harness = await deployCryptoHarness();
    const account = toSolidity(contract);
    const [a, s] = [contractPath, slotPath];
    const siblings = s.siblings.with(31, word(1n));
    const calls = {
      nonce: () => harness.assertAccount(stateRoot, address(1), { ...account, nonce: 2n }, a),
      balance: () => harness.assertAccount(stateRoot, address(1), { ...account, balance: 1n }, a),
      codeSize: () => harness.assertAccount(stateRoot, address(1), { ...account, codeSize: 3n }, a),
      codeHash: () => harness.assertAccount(stateRoot, address(1), { ...account, codeHash: word(1n) }, a),
      commitment: () =>
        harness.assertAccount(stateRoot, address(1), { ...account, codeCommitment: word(1n) }, a),
      address: () => harness.assertAccount(stateRoot, address(2), account, a),
      value: () => harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE + 1n), s),
      slot: () => harness.assertStorage(stateRoot, address(1), word(SLOT + 1n), word(VALUE), s),
      owner: () => harness.assertStorage(stateRoot, address(2), word(SLOT), word(VALUE), s),
      index: () =>
        harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), { ...s, index: s.index ^ 1 }),
      leafCount: () =>
        harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), { ...s, leafCount: 1 }),
      receiptsHead: () =>
        harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), {
          ...s,
          receiptsHead: word(0n),
        }),
      nextKey: () =>
        harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), { ...s, nextKey: word(1n) }),
      siblings: () =>
        harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), { ...s, siblings }),
      root: () => harness.assertStorage(word(1n), address(1), word(SLOT), word(VALUE), s),
    };
    for (const [what, call] of Object.entries(calls))
      await expect(call(), what).to.be.revertedWithCustomError(harness, "StateRootMismatch");
  });

  it("refuses a sibling or a receipts' head that is a second name for another (I-STATEPROOF-02)", async () => {
    const harness = await deployCryptoHarness();
    const head = word(BigInt(slotPath.receiptsHead) + FIELD_MODULUS);
    await expect(
      harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), {
        ...slotPath,
        receiptsHead: head,
      }),
    )
      .to.be.revertedWithCustomError(harness, "NotAFieldElement")
      .withArgs(FIELD_MODULUS, head);
    const second = word(BigInt(slotPath.siblings[0]!) + FIELD_MODULUS);
    const siblings = slotPath.siblings.with(0, second);
    await expect(
      harness.assertStorage(stateRoot, address(1), word(SLOT), word(VALUE), { ...slotPath, siblings }),
    )
      .to.be.revertedWithCustomError(harness, "NotAFieldElement")
      .withArgs(FIELD_MODULUS, second);
  });
});
