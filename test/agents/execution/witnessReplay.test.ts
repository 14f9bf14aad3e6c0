import { expect } from "chai";
import { EMPTY_ACCOUNT as ABSENT } from "../../../agents/kit/execution/accountState.ts";
import { BlockExecution } from "../../../agents/kit/execution/blockExecution.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { commitReceipt } from "../../../agents/kit/execution/receiptCommitment.ts";
import { keccak256 } from "../../../agents/kit/execution/keccak256.ts";
import type { ChangeSet, StateReader } from "../../../agents/kit/execution/stateReader.ts";
import { bigIntToBytes, bytesToBigInt, fromHex, toHex, type Hex } from "../../../agents/kit/hex.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import type { StackError } from "../../../protocol/errors.ts";
import { bytesToField } from "../../../protocol/field.ts";
import { isEmptyAccount } from "../../../protocol/state/account.ts";
import { accountChange, changeState, storageChange } from "../../../protocol/state/changes.ts";
import { codeIdentity, NO_CODE, type CodeIdentity } from "../../../protocol/state/code.ts";
import { receiptsHeadAfter } from "../../../protocol/state/receipts.ts";
import { decodeWitness, WitnessState, type StateWitness } from "../../../protocol/state/witness.ts";
import { expectError } from "../../protocol/expectError.ts";
import { fillBlock, genesisFile, openChain, type Fixture } from "./chainFixture.ts";
import { createRandom } from "./random.ts";
import { RandomWorkload } from "./workload.ts";

const BLOCKS = 6;

/** A state of which nothing is known but what the witness tells. */
const readerOf = (witness: WitnessState): StateReader => ({
  account(address) {
    const account = witness.account(address);
    if (isEmptyAccount(account)) return undefined;
    const { nonce, balance, codeHash, codeSize } = account;
    return { nonce, balance, codeHash: bigIntToBytes(codeHash, 32), codeSize: Number(codeSize) };
  },
  storage(address, slot) {
    const value = witness.slot(address, BigInt(slot));
    return bigIntToBytes(value, Math.ceil(value.toString(16).length / 2)).subarray(value === 0n ? 1 : 0);
  },
  code: (codeHash) => witness.code(bytesToBigInt(codeHash)),
});

describe("a block's witness", function () {
  this.timeout(60_000);
  let fixture: Fixture;

  before(async () => {
    fixture = await openChain({ ...genesisFile, program: "evm" });
    const workload = new RandomWorkload(createRandom(7));
    for (let n = 0; n < BLOCKS; n++) {
      const transactions: Uint8Array[] = [];
      for (let i = 0; i < 10; i++) transactions.push(await workload.next());
      await fixture.chain.seal(await fillBlock(fixture, transactions));
    }
  });
  after(() => fixture.close());

  const rootBefore = (number: bigint) =>
    bytesToField(fromHex(fixture.chain.records.header(number - 1n)!.stateRoot));
  const witnessOf = (number: bigint): StateWitness => decodeWitness(fixture.chain.getBlockWitness(number)!);

  /** Executes block `number` on its witness alone. */
  async function replay(number: bigint, given: StateWitness) {
    const { chain, machine } = fixture;
    const witness = new WitnessState(given, rootBefore(number));
    const block = decodeBlock(chain.getBlockData(number)!);
    const blockHash = (ancestor: bigint) => chain.records.header(ancestor)!.hash;
    const execution = new BlockExecution(machine, readerOf(witness), { ...block, blockHash });
    for (const raw of block.transactions) await execution.execute(decodeTransaction(raw, chain.common));
    return { witness, execution };
  }

  /** A transaction's changes as the tree takes them. An account's code is one the transaction made, or the one it had. */
  function changesOf({ accounts, storage, codes }: ChangeSet, identities: Map<Hex, CodeIdentity>) {
    for (const code of codes.values()) identities.set(toHex(keccak256(code)), codeIdentity(code));
    return [
      ...[...accounts].map(([address, account = ABSENT]) => {
        const { nonce, balance, codeHash, codeSize } = account;
        const identity = codeSize > 0 ? identities.get(toHex(codeHash))! : NO_CODE;
        return accountChange(address, { ...identity, nonce, balance });
      }),
      ...[...storage].flatMap(([address, slots]) =>
        [...slots].map(([slot, value]) => storageChange(address, BigInt(slot), bytesToBigInt(value))),
      ),
    ];
  }

  it("I-EXECUTION-06: is enough to execute the block, codes included, and to reach its receipts and state root", async () => {
    let codes = 0;
    for (let number = 1n; number <= BLOCKS; number++) {
      const given = witnessOf(number);
      codes += given.codes.length;
      const { execution, witness } = await replay(number, given);
      expect(execution.receipts).to.deep.equal(fixture.chain.records.receipts(number));
      const identities = new Map<Hex, CodeIdentity>();
      for (const { account } of given.accounts)
        identities.set(toHex(bigIntToBytes(account.codeHash, 32)), account);
      changeState(witness.tree, execution.changeSets.map((changes) => changesOf(changes, identities))); // prettier-ignore
      const head = receiptsHeadAfter(witness.receiptsHead, number, execution.receipts.map(commitReceipt));
      expect(witness.tree.stateRoot(head)).to.equal(fixture.chain.tip(number).stateRoot);
    }
    expect(codes).to.be.greaterThan(BLOCKS - 2);
  });

  it("stops an execution that lacks a code, and no other code takes its place", async () => {
    const number = BigInt(BLOCKS);
    const given = witnessOf(number);
    const [code] = given.codes;
    const failure = await replay(number, { ...given, codes: given.codes.slice(1) }).then(
      () => expect.fail("resolved"),
      (error: Error) => error,
    );
    const { codeHash } = codeIdentity(code!);
    expect((failure as StackError).type).to.deep.equal({ code: "WITNESS_CODE_UNKNOWN", codeHash });
    const forged = given.codes.with(0, code!.with(0, code![0]! ^ 1));
    expectError(() => new WitnessState({ ...given, codes: forged }, rootBefore(number)), {
      code: "WITNESS_CODE_UNUSED",
    });
  });
});
