/** A planner that lies and goes on: each lie breaks the constraint that forbids it. */
import { expect } from "chai";
import { addressToField } from "../../../../protocol/address.ts";
import type { Capacity, Profile } from "../../../../protocol/evm/capacities.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { planTree } from "../../../../protocol/evm/plan/execution/leavesPlan.ts";
import type { ChunkPlan } from "../../../../protocol/evm/plan/planChunk.ts";
import { codeIdentity } from "../../../../protocol/state/code.ts";
import {
  ACCOUNT_PROBE,
  ANSWER_PROBE,
  CONTRACT,
  contractsOf,
  DEPLOYS_STOP,
  ENVIRONMENT_PROBE,
} from "./contracts.ts";
import { addressOf, assemble, chunkOf, nobody, profileOf } from "./demoChain.ts";
import { attempt, fitting, type Lies } from "./prove.ts";

const number = (i: number): bigint => addressToField(addressOf(i));
const ROOM: Partial<Record<Capacity, number>> = {
  rows: 140,
  stack: 1_100,
  codeRows: 6,
  pushes: 20,
  bitwise: 1,
  memoryCells: 20,
  storageOps: 6,
  answers: 8,
  accountOps: 9,
  environment: 18,
};

type Told = readonly [lie: string, lies: Lies, broken: string];

/** What a planner's function gives, changed. */
const patch = <T extends object, K extends keyof T>(
  object: T,
  name: K,
  make: (honest: T[K]) => T[K],
): void => {
  const honest = object[name];
  object[name] = (typeof honest === "function" ? honest.bind(object) : honest) as T[K];
  object[name] = make(object[name]);
};

const TRANSFERS: readonly Told[] = [
  ["an unpaid fee", { plan: ({ transactions }) => (transactions.bought = () => 0n) }, "begin[0].buyGas.new.lo"],
  ["a fee of one wei less", { plan: ({ transactions }) => patch(transactions, "bought", (f) => (tx) => f(tx) - 1n) }, "begin[0].buyGas.new.lo"],
  ["a nonce that stays", { plan: ({ transactions }) => (transactions.nonceAfter = ({ nonce }) => nonce) }, "begin[0].nonce.isCounted.lo"],
  ["a nonce that is not the transaction's", { wires: { "begin[0].nonce.before": 5n } }, "begin[0].nonce.isAccess"],
  ["more value for the recipient", { plan: ({ transactions }) => patch(transactions, "transferred", (f) => (tx) => f(tx) + 1n) }, "begin[0].transfer.from.new.lo"],
  ["a skipped credit", { wires: { "begin[0].transfer.to.now": (id) => id + 1n } }, "begin[0].transfer.to.isAccess"],
  ["more paid back", { plan: ({ transactions }) => patch(transactions, "paidBack", (f) => (limit, tx) => f(limit, tx) + 1n) }, "end[0].payBack.new.lo"],
  ["a wrong tip", { plan: ({ transactions }) => patch(transactions, "tip", (f) => (tx) => f(tx) + 1n) }, "end[0].tip.new.lo"],
  ["no tip", { plan: ({ transactions }) => (transactions.tip = () => 0n) }, "end[0].tip.new.lo"],
  ["another fee recipient", { plan: ({ transactions }) => (transactions.paidTo = () => number(2)) }, "end[0].tip.isAccess"],
  ["an account that is left cold", { plan: ({ transactions }) => (transactions.isWarmed = () => false) }, "begin[0].warm[0].isAccess"],
  ["another sender", { wires: { "begin[0].sender": (n) => n + 1n } }, "begin[0].sender.isAddress"],
  ["another recipient", { wires: { "begin[0].recipient": (n) => n + 1n } }, "begin[0].recipient.isAddress"],
  ["another fee recipient's account", { wires: { "begin[0].feeRecipient": 0n } }, "begin[0].feeRecipient.isAddress"],
  ["a wrong caller", { wires: { "begin[0].caller": 3n } }, "begin[0].caller.isOwn.lo"],
  ["a wrong address", { wires: { "begin[0].address": 3n } }, "begin[0].address.isOwn.lo"],
  ["a wrong call value", { wires: { "begin[0].value": 3n } }, "begin[0].value.isOwn.lo"],
  ["more gas", { wires: { "begin[0].floor": (floor) => floor - 1_000n } }, "begin[0].floor"],
  ["less gas used", { wires: { "end[0].left": (left) => left + 1n } }, "end[0].left"],
  ["more gas used", { wires: { "end[0].gasUsed": (used) => used + 1n } }, "end[0].gasUsed"],
  ["a refund from nowhere", { wires: { "end[0].refund": 100n } }, "end[0].refund"],
  ["a greater fifth", { wires: { "end[0].refund.most": (most) => most + 1n } }, "end[0].refund.remainder"],
  ["a smaller fifth", { wires: { "end[0].refund.most": (most) => most - 1n } }, "end[0].refund.isFloor"],
  ["a failed status", { wires: { "frame[1].end.success": 0n } }, "frame[1].end.success"],
  ["a receipt of other gas", { wires: { "end[0].outcome": (outcome) => outcome + 2n } }, "end[0].outcome"],
  ["no receipt", { wires: { "end[0].receiptsHead": 0n } }, "end[0].receiptsHead"],
  ["a transaction that is not executed", { plan: (plan) => Object.assign(plan, { blocks: plan.blocks.map((block, i) => (i === 1 ? { ...block, transactions: [] } : block)) }) }, "begin[1].newTransaction.isAccess"],
  ["an end that is not the last", { wires: { "end[1].z": 0n } }, "end[1].z"],
  ["a start at HALT", { wires: { startPc: 2n } }, "startPc"],
  ["a second transaction that is ended first", { wires: { "end[0].t": (t) => t + 30n } }, "begin[1].afterPrevious".replace("begin", "end")],
  ["a wrong birth", { plan: (plan) => patch(plan.state.bus, "birth", () => () => 1) }, "leaf.account[3].claim.isKind"],
  ["a leaf that is said to be absent", { change: (plan) => ({ ...plan, chunk: withLeaves(plan.chunk, 0, false) }) }, "leaf.account[0].absent.isEmpty"],
  ["an absent leaf that is said to be there", { change: (plan) => ({ ...plan, chunk: withLeaves(plan.chunk, 3, true) }) }, "leaf.account[3].claim.isKind"],
  ["a leaf that is skipped", { change: (plan) => ({ ...plan, tree: treeWithout(plan.chunk, 1) }) }, "leaf.account[1].claim.isKey"],
  ["a richer start", { wires: { "initial.account[0].balance": 256n + 200n } }, "leaf.account[0].claim.isBefore"],
  ["an account that counts as none", { wires: { "accounts.account[0].active": 0n } }, "begin[0].sender.isAddress"],
]; // prettier-ignore

/** The plan with another idea of one account's leaf. */
function withLeaves(chunk: ChunkPlan, account: number, isPresent: boolean): ChunkPlan {
  const { leaves } = chunk;
  const accounts = leaves.accounts.map((leaf, i) => (i === account ? { isPresent } : leaf));
  return Object.create(chunk, { leaves: { value: { ...leaves, accounts } } }) as ChunkPlan;
}

const treeWithout = ({ leaves, before, profile }: ChunkPlan, account: number) =>
  planTree(
    { ...leaves, accesses: leaves.accesses.filter((_, i) => i !== account) },
    before.before.tree,
    profile,
  );

const environment = (op: string): Told => [
  `another answer of ${op}`,
  { plan: ({ environment: ops, book }) => patch(ops, "idOf", (f) => (key, tx) => (key.op === OPCODE[op] ? book.literal(book.value(f(key, tx)) + 1n) : f(key, tx))) },
  ["ADDRESS", "ORIGIN", "CALLER", "CALLVALUE", "BLOBBASEFEE"].includes(op) ? "id.isAnswer" : "number.isLo",
]; // prettier-ignore

const ENVIRONMENT = ["ADDRESS", "ORIGIN", "CALLER", "CALLVALUE", "CALLDATASIZE", "CODESIZE", "GASPRICE", "COINBASE", "TIMESTAMP", "NUMBER", "GASLIMIT", "CHAINID", "BASEFEE", "BLOBBASEFEE", "PC"].map(environment); // prettier-ignore

const ACCOUNTS: readonly Told[] = [
  ["cold access at the price of a warm one", { plan: ({ accountOps }) => patch(accountOps, "warm", (f) => (t, account, address) => (f(t, account, address), 100n)) }, "rows.row[11].fact"],
  ["another balance", { wires: { "accountOp[0].z": 1n } }, "accountOp[0].balance.isAnswer"],
  ["another code hash", { wires: { "accountOp[1].z": 1n } }, "accountOp[1].code.isLo"],
  ["another code size", { wires: { "accountOp[2].z": 1n } }, "accountOp[2].code.isLo"],
  ["a hash of a dead account", { wires: { "accountOp[5].isDead": 0n } }, "accountOp[5].isDead.one"],
  ["another account", { wires: { "accountOp[3].account": 0n } }, "accountOp[3].account.isAddress"],
]; // prettier-ignore

const ANSWERS: readonly Told[] = [
  ["more gas left", { plan: ({ answers }) => patch(answers, "gas", (f) => (key, floor) => f(key, floor - 1n)) }, "answer[0].word.isLo"],
  ["another block hash", { plan: ({ answers }) => patch(answers, "blockHash", (f) => (key, at, of) => f(key, at, (n) => of(n) + 1n)) }, "answer[3].word.isLo"],
  ["a hash where there is none", { wires: { "answer[2].isLater": 0n, "answer[2].isKnown": 1n } }, "answer[2].known.inWindow"],
  ["no hash where there is one", { wires: { "answer[3].isKnown": 0n, "answer[3].isOld": 1n } }, "answer[3].old.isOld"],
  ["the hash of another block", { wires: { "answer[3].place": (place) => place - 1n } }, "answer[3].place"],
  ["a known number that is called huge", { wires: { "answer[3].isKnown": 0n, "answer[3].isHuge": 1n } }, "answer[3].huge.isHuge"],
]; // prettier-ignore

const CREATIONS: readonly Told[] = [
  ["a creation that is called a call", { wires: { "begin[0].isCreation": 0n } }, "begin[0].isCreation"],
  ["a call that is called a creation", { wires: { "begin[1].isCreation": 1n } }, "begin[1].isCreation"],
  ["another new account", { wires: { "begin[0].created.digest.entry": 2n } }, "begin[0].created.digest.commitment"],
  ["another nonce in its name", { wires: { "begin[0].created.form[0]": 0n, "begin[0].created.form[1]": 1n } }, "begin[0].created.least"],
  ["init code that is elsewhere", { plan: ({ transactions }) => movedInitCode(transactions, (at) => at + 1) }, "initCodeRow[0].code.isData"],
  ["init code that is nowhere", { plan: ({ transactions }) => movedInitCode(transactions, () => 0) }, "begin[0].creation.initCode.isThere"],
  ["init code without its last byte", { wires: { "initCode[0].pieces": (n) => n - 1n } }, "initCode[0].rest.size"],
  ["init code with another last byte", { plan: ({ code }) => otherLastByte(code) }, "initCode[0].rest.isData"],
  ["init code of a call", { wires: { "initCode[1].position": 84n } }, "initCode[1].position.ofCreation"],
  ["shorter init code", { wires: { "begin[0].creation.initCode.size": (size) => size - 1n } }, "begin[0].creation.initCode.size"],
  ["a doom that does not come", { wires: { "begin[0].creation.isDoomed": 1n } }, "begin[0].creation.new.doomed.isAccess"],
  ["an account that is not new to the transaction", { wires: { "settle[0].created.isNot": 1n } }, "settle[0].created.isNot.one"],
]; // prettier-ignore

/** What the planner says of where init code stands, after it has run. */
function movedInitCode(transactions: ChunkPlan["transactions"], move: (at: number) => number): void {
  const { begin } = transactions;
  transactions.begin = (...args) => {
    const start = begin.apply(transactions, args);
    transactions.initCodes.forEach((at, i) => (transactions.initCodes[i] = at === 0 ? 0 : move(at)));
    return start;
  };
}

/** The last byte of the first code that is loaded, in the table of all code. */
function otherLastByte(code: ChunkPlan["code"]): void {
  const { segment } = code;
  code.segment = (name, bytes) => {
    const isFirst = code.rows.length === 0;
    const made = segment.call(code, name, bytes);
    if (isFirst) code.rows[made.lastRow]!.bytes[(made.length - 1) % 84]! ^= 1;
    return made;
  };
}

function refuses(
  lies: readonly Told[],
  input: () => Promise<ChunkInput>,
  where = "",
  room: Partial<Record<Capacity, number>> = ROOM,
): void {
  let chunk: ChunkInput;
  let profile: Profile;
  before(async () => {
    chunk = await input();
    profile = fitting(chunk, room);
  });
  it("nothing breaks without a lie", () => expect(attempt(profile, chunk).broken).to.deep.equal([]));
  for (const [lie, told, broken] of lies)
    it(lie, () => {
      const names = attempt(profile, chunk, told).broken;
      if (where === "") expect(names).to.include(broken);
      else
        expect(names.some((name) => name.startsWith(where) && name.endsWith(broken))).to.equal(
          true,
          names.join(),
        );
    });
}

describe("EVM: lies about transactions", function () {
  this.timeout(60_000);

  describe("of transfers", () =>
    refuses(TRANSFERS, () =>
      chunkOf([
        { transactions: [{ from: 0, to: addressOf(1), value: 5n }] },
        { transactions: [{ from: 1, to: nobody(0), value: 7n }] },
      ]),
    ));

  describe("of the environment", () => {
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n, value: 3n, data: "0x0102" };
    refuses(
      ENVIRONMENT,
      () => chunkOf([{ transactions: [call] }], contractsOf(ENVIRONMENT_PROBE)),
      "environment[",
    );
  });

  describe("of accounts", () => {
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    refuses(ACCOUNTS, () => chunkOf([{ transactions: [call] }], contractsOf(ACCOUNT_PROBE)));
  });

  describe("of gas and block hashes", () => {
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    refuses(ANSWERS, () =>
      chunkOf([{ transactions: [] }, { transactions: [call] }], contractsOf(ANSWER_PROBE)),
    );
  });

  describe("of creations", () => {
    // More than one piece of 31 bytes.
    const data = `0x${Buffer.from(DEPLOYS_STOP).toString("hex")}${"00".repeat(32)}`;
    const create = { from: 0, to: null, data, value: 3n, gasLimit: 200_000n };
    const input = (): Promise<ChunkInput> =>
      chunkOf([{ transactions: [create, { from: 1, to: nobody(0), value: 7n }] }]);
    refuses(CREATIONS, input, "", { segments: 2 });
  });

  it("a replayed transaction", async () => {
    const chunk = await chunkOf([{ transactions: [{ from: 0, to: addressOf(1), value: 5n }] }]);
    const twice = <T>(list: readonly T[]): T[] => [...list, ...list];
    const replay = (plan: ChunkPlan): void => {
      const [trace] = plan.blocks;
      const block = { ...trace!.block, transactions: twice(trace!.block.transactions) };
      const transactions = twice(trace!.transactions);
      Object.assign(plan, { blocks: [{ ...trace!, block, gasUsed: 2n * trace!.gasUsed, transactions }] });
    };
    expect(attempt(profileOf(), chunk, { plan: replay }).broken).to.include("begin[1].nonce.isOwn.lo");
  });

  it("a sender who cannot pay, and one with code", async () => {
    const chunk = await chunkOf([{ transactions: [{ from: 0, to: addressOf(1), value: 5n }] }]);
    const sender = (own: object) => (plan: ChunkPlan) =>
      patch(
        plan.before,
        "account",
        (f) => (address) => (address === number(0) ? { ...f(address), ...own } : f(address)),
      );
    const poor = attempt(profileOf(), chunk, { plan: sender({ balance: 9n }) });
    expect(poor.broken).to.include("begin[0].affords.hi");
    const code = codeIdentity(assemble("STOP"));
    const contract = attempt(profileOf(), chunk, { plan: sender(code) });
    expect(contract.broken).to.include("begin[0].senderCode.isNone");
  });

  it("an access list's entry that is left cold", async () => {
    const accessList = [{ address: addressOf(1), storageKeys: [`0x${"00".repeat(32)}`] }];
    const chunk = await chunkOf([
      { transactions: [{ from: 0, to: nobody(0), gasLimit: 50_000n, accessList }] },
    ]);
    const told = {
      plan: ({ transactions }: ChunkPlan) =>
        (transactions.isWarmed = (address: bigint) => address !== number(1)),
    };
    expect(attempt(profileOf(), chunk, told).broken).to.include("accessList[0].first.isAccess");
    const slot = attempt(profileOf(), chunk, { wires: { "accessList[1].slot.warm": 9n } });
    expect(slot.broken).to.include("accessList[1].slot.warm");
  });
});
