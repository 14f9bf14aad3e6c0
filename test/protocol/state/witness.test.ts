import { expect } from "chai";
import type { Address } from "../../../protocol/address.ts";
import { bytesToAddress } from "../../../protocol/address.ts";
import { MAX_CODE_BYTES, MAX_WITNESS_BYTES } from "../../../protocol/constants.ts";
import type { Field } from "../../../protocol/field.ts";
import type { AccountState } from "../../../protocol/state/account.ts";
import { EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { accountChange, changeState, storageChange } from "../../../protocol/state/changes.ts";
import { codeIdentity } from "../../../protocol/state/code.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../../protocol/state/keys.ts";
import { proveInsert, proveKey, proveUpdate } from "../../../protocol/state/proofs.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { collectWitness, openWitness } from "../../../protocol/state/treeWitness.ts";
import type { StateWitness } from "../../../protocol/state/witness.ts";
import { decodeWitness, encodeWitness, WitnessState } from "../../../protocol/state/witness.ts";
import { expectError } from "../expectError.ts";
import { Random } from "../random.ts";

const HEAD = 77n;

describe("protocol/state/treeWitness", () => {
  const random = new Random();

  function treeOf(keys: readonly Field[]): IndexedTree {
    const tree = new IndexedTree(new MemoryTreeStore());
    for (const key of keys) tree.insert(key, random.field());
    return tree;
  }

  it(`replays reads, updates and insertions to the same roots and proofs as the whole tree (seed ${random.seed})`, () => {
    for (const size of [0, 1, 2, 7, 64]) {
      const keys = Array.from({ length: size }, () => random.field());
      const tree = treeOf(keys);
      const touched = keys.filter(() => random.below(3) === 0);
      const added = Array.from({ length: 1 + random.below(6) }, () => random.field());
      const part = openWitness(collectWitness(tree, HEAD, [...touched, ...added]), tree.stateRoot(HEAD));
      expect(part.stateRoot(HEAD)).to.equal(tree.stateRoot(HEAD));
      for (const key of [...touched, ...added])
        expect(proveKey(part, key)).to.deep.equal(proveKey(tree, key));
      for (const key of added) expect(proveInsert(part, key, key)).to.deep.equal(proveInsert(tree, key, key));
      for (const key of [...touched, ...added])
        expect(proveUpdate(part, key, 5n)).to.deep.equal(proveUpdate(tree, key, 5n));
      expect(part.stateRoot(HEAD)).to.equal(tree.stateRoot(HEAD));
    }
  }).timeout(60_000);

  it("I-STATE-04: is refused unless every part of it is the tree's", () => {
    const keys = Array.from({ length: 20 }, (_, i) => BigInt(10 * (i + 1)));
    const tree = treeOf(keys);
    const expected = tree.stateRoot(HEAD);
    const witness = collectWitness(tree, HEAD, [30n, 95n, 1000n]);
    const mismatch = { code: "WITNESS_ROOT_MISMATCH", expected };
    witness.nodes.forEach((node, i) => {
      const nodes = witness.nodes.with(i, node ^ 1n);
      expectError(() => openWitness({ ...witness, nodes }, expected), mismatch);
    });
    witness.leaves.forEach(({ index, leaf }, i) => {
      const leaves = witness.leaves.with(i, { index, leaf: { ...leaf, nextKey: leaf.nextKey ^ 1n } });
      expectError(() => openWitness({ ...witness, leaves }, expected), mismatch);
    });
    const actual = witness.nodes.length;
    expectError(() => openWitness({ ...witness, nodes: witness.nodes.slice(1) }, expected), {
      code: "WITNESS_NODE_COUNT",
      expected: actual,
      actual: actual - 1,
    });
    const unordered = [...witness.leaves].reverse();
    expectError(() => openWitness({ ...witness, leaves: unordered }, expected), {
      code: "WITNESS_LEAF_ORDER",
    });
    const { leaf } = unordered[0] as (typeof unordered)[0];
    const beyond = [{ index: witness.leafCount, leaf }];
    expectError(() => openWitness({ ...witness, leaves: beyond }, expected), { code: "WITNESS_LEAF_ORDER" });
    expectError(() => openWitness({ ...witness, receiptsHead: HEAD + 1n }, expected), mismatch);
    const shrunk = { ...witness, leafCount: witness.leafCount - 1, leaves: witness.leaves.slice(0, -1) };
    expect(() => openWitness(shrunk, expected)).to.throw(/WITNESS_NODE_COUNT|WITNESS_ROOT_MISMATCH/);
  });

  it("stops an operation that it does not cover", () => {
    const keys = Array.from({ length: 40 }, (_, i) => BigInt(10 * (i + 1)));
    const tree = treeOf(keys);
    const part = openWitness(collectWitness(tree, HEAD, [30n, 95n]), tree.stateRoot(HEAD));
    expectError(() => part.update(200n, 1n), { code: "TREE_LOW_LEAF_UNKNOWN", key: 200n });
    expectError(() => part.siblings(20), { code: "TREE_NODE_MISSING" });
    expectError(() => part.leafAt(20), { code: "TREE_LEAF_MISSING", index: 20 });
  });

  it("serves any number of insertions", () => {
    for (const size of [0, 1, 6, 7, 8, 40]) {
      const tree = treeOf(Array.from({ length: size }, (_, i) => BigInt(1000 + i)));
      const added = Array.from({ length: 20 }, (_, i) => BigInt(i + 1));
      const part = openWitness(collectWitness(tree, HEAD, added.slice(0, 1)), tree.stateRoot(HEAD));
      for (const key of added) expect(proveInsert(part, key, key)).to.deep.equal(proveInsert(tree, key, key));
    }
  }).timeout(20_000);
});

describe("protocol/state/witness", () => {
  const random = new Random();
  const address = (): Address => bytesToAddress(random.bytes(20));
  const account = (): AccountState => ({
    ...EMPTY_ACCOUNT,
    nonce: random.bits(64),
    balance: random.bits(200),
  });

  const [alice, bob, contract, nobody] = [address(), address(), address(), address()];
  const others = Array.from({ length: 9 }, address);
  const [code, unasked] = [random.bytes(70), random.bytes(1)];
  const accounts = [
    { address: alice, account: { ...account(), ...codeIdentity(unasked) } },
    { address: bob, account: account() },
    { address: contract, account: { ...account(), ...codeIdentity(code) } },
  ];
  const slots = [{ address: contract, slot: random.bits(256), value: random.bits(256) }];

  /** `all`: the accounts of the state, the true ones unless a test lies. */
  function example(all: typeof accounts = accounts): { witness: StateWitness; stateRoot: Field } {
    const tree = new IndexedTree(new MemoryTreeStore());
    changeState(tree, [others.map((address) => accountChange(address, account()))]);
    const changes = all.map((entry) => accountChange(entry.address, entry.account));
    changeState(tree, [[...changes, ...slots.map((s) => storageChange(s.address, s.slot, s.value))]]);
    const keys = [
      ...accounts.map((entry) => accountKey(entry.address)),
      ...slots.map((s) => storageKey(s.address, s.slot)),
    ];
    const part = collectWitness(tree, HEAD, [...keys, accountKey(nobody)]);
    return { witness: { tree: part, accounts: all, slots, codes: [code] }, stateRoot: tree.stateRoot(HEAD) };
  }

  it("survives encoding and gives every value", () => {
    const { witness, stateRoot } = example();
    const bytes = encodeWitness(witness);
    expect(decodeWitness(bytes)).to.deep.equal(witness);
    const state = new WitnessState(decodeWitness(bytes), stateRoot);
    for (const entry of accounts) expect(state.account(entry.address)).to.deep.equal(entry.account);
    for (const entry of slots) expect(state.slot(entry.address, entry.slot)).to.equal(entry.value);
    expect(state.account(nobody)).to.deep.equal(EMPTY_ACCOUNT);
    expect(state.receiptsHead).to.equal(HEAD);
    expect(state.code(codeIdentity(code).codeHash)).to.deep.equal(code);
    expect(state.code(EMPTY_ACCOUNT.codeHash)).to.deep.equal(new Uint8Array());
    const { codeHash } = codeIdentity(unasked);
    expectError(() => state.code(codeHash), { code: "WITNESS_CODE_UNKNOWN", codeHash });
  });

  it("refuses values that the tree does not have, and does not invent those it was not given", () => {
    const { witness, stateRoot } = example();
    const richer = { address: alice, account: { ...EMPTY_ACCOUNT, balance: 1n << 255n } };
    expectError(() => new WitnessState({ ...witness, accounts: [richer], codes: [] }, stateRoot), {
      code: "WITNESS_VALUE_MISMATCH",
      key: accountKey(alice),
    });
    expectError(
      () => new WitnessState({ ...witness, accounts: [{ ...richer, address: nobody }] }, stateRoot),
      {
        code: "WITNESS_VALUE_MISMATCH",
        expected: 0n,
      },
    );
    const state = new WitnessState({ ...witness, accounts: [], slots: [], codes: [] }, stateRoot);
    expectError(() => state.account(bob), { code: "WITNESS_VALUE_UNKNOWN", key: accountKey(bob) });
    expectError(() => state.slot(contract, slots[0]?.slot as bigint), { code: "WITNESS_VALUE_UNKNOWN" });
    // Any of the others may be the leaf that shows that nobody is absent.
    const given = new Set(witness.tree.leaves.map(({ leaf }) => leaf.key));
    const other = others.find((each) => !given.has(accountKey(each)))!;
    expectError(() => state.account(other), { code: "TREE_LOW_LEAF_UNKNOWN", key: accountKey(other) });
  });

  it("I-STATE-06: refuses codes that no account has, twice, or beside another commitment or size", () => {
    const { witness, stateRoot } = example();
    const other = random.bytes(70);
    const open = (codes: Uint8Array[]) => () => new WitnessState({ ...witness, codes }, stateRoot);
    expectError(open([code, other]), {
      code: "WITNESS_CODE_UNUSED",
      codeHash: codeIdentity(other).codeHash,
    });
    expectError(open([code.with(0, code[0]! ^ 1)]), { code: "WITNESS_CODE_UNUSED" });
    expectError(open([code, unasked, code]), {
      code: "WITNESS_CODE_TWICE",
      codeHash: codeIdentity(code).codeHash,
    });
    for (const lie of [{ codeCommitment: 5n }, { codeSize: 71n }]) {
      // A state whose leaf itself is false: the tree opens, the code does not.
      const liar = { ...accounts[2]!, account: { ...accounts[2]!.account, ...lie } };
      const lying = example(accounts.with(2, liar));
      expectError(() => new WitnessState(lying.witness, lying.stateRoot), {
        code: "WITNESS_CODE_MISMATCH",
        address: contract,
        ...codeIdentity(code),
        ...lie,
      });
    }
  });

  it("refuses a code or a whole that is too large", () => {
    const { witness } = example();
    const withCode = (bytes: number) => encodeWitness({ ...witness, codes: [new Uint8Array(bytes)] });
    expect(decodeWitness(withCode(MAX_CODE_BYTES)).codes[0]).to.have.length(MAX_CODE_BYTES);
    for (const bytes of [0, MAX_CODE_BYTES + 1])
      expectError(() => decodeWitness(Uint8Array.of(...withCode(bytes), 0)), {
        code: "WITNESS_CODE_SIZE",
        bytes,
        limit: MAX_CODE_BYTES,
      });
    const bytes = MAX_WITNESS_BYTES + 1;
    expectError(() => decodeWitness(new Uint8Array(bytes)), {
      code: "WITNESS_TOO_LARGE",
      bytes,
      limit: MAX_WITNESS_BYTES,
    });
  });

  it("refuses bytes that are not a witness, cut at any place", () => {
    const bytes = encodeWitness(example().witness);
    for (let length = 0; length < bytes.length; length += 37)
      expect(() => decodeWitness(bytes.slice(0, length)), `cut at ${length}`).to.throw(
        /BYTES_TRUNCATED|WITNESS_COUNT/,
      );
    expectError(() => decodeWitness(Uint8Array.of(...bytes, 0)), { code: "BYTES_TRAILING", trailing: 1 });
    expectError(() => decodeWitness(bytes.with(0, 1)), { code: "WITNESS_VERSION", expected: 2, actual: 1 });
    expectError(() => decodeWitness(bytes.with(37, 255)), { code: "WITNESS_COUNT" });
  });
});
