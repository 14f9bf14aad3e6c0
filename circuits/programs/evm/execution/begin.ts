/**
 * BEGIN: what a transaction does to the state before its own frame runs, and what that frame starts with.
 *
 * Proves: at the row of the entry's key, place i's transaction starts as EIP-1559, 2929, 2930, 3607 and 3651 say, and frame
 *   i + 1 has the columns of `TransactionStart`.
 * Assumes: the place is decoded and signed (readTransactions); state bus, tables and code objects; `creations` opens an account.
 * Enforces: B-1 it is transaction i + 1 of the bus; B-2 the sender's nonce is the transaction's and becomes one more; B-3 the
 *   sender has no code; B-4 the balance covers gasLimit * maxFee + value, and gasLimit * gasPrice of it is taken; B-5 sender,
 *   recipient and fee recipient are warm; B-6 a checkpoint, then the value moves; B-7 the frame runs the code of the recipient's
 *   object, the system's STOP without code, its PRECOMPILE for a precompile, the init code of a creation; B-8 its gas is the gas
 *   limit less the intrinsic gas.
 * Sound because: the bus numbers transactions in the order of time, so place i's BEGIN row is the i-th. Costs and balances are
 *   words over the integers. The checkpoint's time is after the fee's and before the transfer's, so a revert undoes the latter
 *   alone. An inactive place claims nothing and defines no key.
 * Cost: 360 gates; 240 more with creations.
 */
import { mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { productWord, subtractWords } from "../../../gadgets/word.ts";
import { FACT_FIELDS, type FactKey } from "../../../../protocol/evm/factKey.ts";
import { BEGIN_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import type { TransactionEntry } from "../../../../protocol/evm/plan/execution/transactionOps.ts";
import { SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import { OBJECT_BITS } from "../code/codeObjects.ts";
import { changeBalance, transfer, wordIf } from "../frames/transfer.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import type { TransactionPlace } from "../transactions/transactions.ts";
import { createMessage } from "./createAddress.ts";
import { type ExecutionServices, next, smallWordIf, wordOfAddress } from "./services.ts";
import type { Creations, TransactionStart } from "./transactionStart.ts";
import type { PlaceBlock } from "./transactionTables.ts";

/** A transaction that has begun. */
export interface Begun extends TransactionStart {
  /** Numbers of accounts. */
  readonly sender: Wire;
  readonly feeRecipient: Wire;
  readonly gasLimit: Wire;
}

export interface BeginServices extends ExecutionServices {
  /** Undefined: a transaction that creates has no proof. */
  readonly creations?: Creations;
}

type Source = {
  readonly i: number;
  readonly place: TransactionPlace;
  readonly block: PlaceBlock;
  readonly entry: () => TransactionEntry | undefined;
};

/** The row's number and gas counter as the key has them. */
export const witnessRow = (b: Builder, key: () => FactKey | undefined): { t: Wire; gas: Wire } => ({
  t: witnessBits(b, FACT_FIELDS.t.bits, "t", () => BigInt(key()?.t ?? 0)),
  gas: witnessBits(b, FACT_FIELDS.gas.bits, "gas", () => BigInt(key()?.gas ?? 0)),
});

export function beginTransaction(b: Builder, services: BeginServices, source: Source): Begun {
  const { facts, state, accounts } = services;
  const { i, place, block, entry } = source;
  const { active } = place;
  const { t, gas } = witnessRow(b, () => entry()?.begin);
  const isCreation = and(b, active, place.isCreation, "isCreation");
  const recipientAddress = recipientOf(b, services, place, isCreation);
  const sender = accounts.find(place.sender, "sender", active);
  const recipient = accounts.find(recipientAddress, "recipient", active);
  const feeRecipient = accounts.find(block.feeRecipient, "feeRecipient", active);
  const at = (sub: keyof typeof BEGIN_SUB): Wire => timeOf(b, t, BEGIN_SUB[sub], `${sub}.time`);
  state.newTransaction(at("newTransaction"), b.constant(BigInt(i + 1)), "newTransaction", active); // B-1
  countNonce(b, services, place, sender, at("nonce"));
  const code = state.get(at("senderCode"), cellOfAccount(b, sender, "code", "senderCode.cell"), "chain", "senderCode", active); // prettier-ignore
  b.assertZero([], [[1n, code]], 0n, "senderCode.isNone"); // B-3: 0 where nothing is claimed
  const gasLimit = buyGas(b, services, place, sender, at("buyGas"));
  warm(b, services, active, [[at("warmSender"), sender], [at("warmRecipient"), recipient], [at("warmFeeRecipient"), feeRecipient]]); // prettier-ignore
  const checkpoint = state.checkpoint(at("checkpoint"), "checkpoint", active);
  const { value } = place;
  transfer(b, { facts, state }, { t, sub: BEGIN_SUB.transferOut, from: sender, to: recipient, value, happens: active }, "transfer"); // prettier-ignore
  const runs = codeOf(b, services, { i, place, isCreation, t, recipient, time: at("code") });
  const floor = sum(b, [[1n, gas], [-1n, mul(b, active, place.executionGas, "frameGas")]], 0n, "floor"); // prettier-ignore
  facts.defineTimedKey("transactions", i, active, { op: BigInt(Tag.BEGIN), t, sp: BigInt(SYSTEM_STACK_BASE - 1), gas, z: runs.codeBase, y: BigInt(i + 1) }, "begin"); // prettier-ignore
  return {
    active,
    isCreation,
    t,
    ...runs,
    ...namedWords(b, services, source, recipientAddress),
    ...inputOf(b, place, isCreation),
    floor: assertBits(b, floor, FACT_FIELDS.gas.bits, "floor"), // B-8
    depth: b.zero,
    checkpoint,
    sender,
    feeRecipient,
    gasLimit,
  };
}

/** The address the value goes to: `to`, or the created account's. */
function recipientOf(
  b: Builder,
  { creations }: BeginServices,
  place: TransactionPlace,
  isCreation: Bool,
): Wire {
  if (creations === undefined) {
    b.assertZero([], [[1n, isCreation]], 0n, "creation.noProof"); // prettier-ignore
    return place.to;
  }
  const message = createMessage(b, place.sender, place.nonce, "created");
  const { hi, lo } = creations.digest(
    mul(b, isCreation, message, "created.message"),
    "created.digest",
    isCreation,
  );
  const digest = { hi: promiseBits(b, hi, 128, "created.hi"), lo: promiseBits(b, lo, 128, "created.lo") };
  const created = promiseBits(b, addressOfWord(b, digest, "created.address"), 160, "created.address");
  return mux(b, isCreation, created, place.to, "recipient.address");
}

/** B-2. */
function countNonce(
  b: Builder,
  { facts, state }: BeginServices,
  place: TransactionPlace,
  sender: Wire,
  time: Wire,
): void {
  const { active, nonce } = place;
  const before = state.foretell(time, "nonce.before", active);
  const after = state.foretellAfter(time, "nonce.after", active);
  state.change(
    time,
    cellOfAccount(b, sender, "nonce", "nonce.cell"),
    "chain",
    { before, after },
    "nonce",
    active,
  );
  facts.assertWord(before, smallWordIf(b, active, nonce, "nonce.own"), "nonce.isOwn");
  facts.assertWord(
    after,
    smallWordIf(b, active, next(b, nonce, "nonce.next"), "nonce.counted"),
    "nonce.isCounted",
  );
}

/** B-4. Returns the gas limit, 0 in an inactive place. */
function buyGas(
  b: Builder,
  { facts, state }: BeginServices,
  place: TransactionPlace,
  account: Wire,
  time: Wire,
): Wire {
  const { active } = place;
  const gasLimit = promiseBits(b, mul(b, active, place.gasLimit, "gasLimit"), 64, "gasLimit");
  const cost = productWord(b, gasLimit, place.gasPrice, "cost");
  const most = productWord(b, gasLimit, place.maxFee, "most");
  const value = wordIf(b, active, place.value, "value.own");
  const take = (old: Word): Word => {
    subtractWords(b, old, [most, value], "affords");
    return subtractWords(b, old, [cost], "bought");
  };
  changeBalance(b, { facts, state }, { time, account, happens: active }, take, "buyGas");
  return gasLimit;
}

/** B-5. */
function warm(
  b: Builder,
  { state }: BeginServices,
  active: Bool,
  accounts: readonly (readonly [time: Wire, account: Wire])[],
): void {
  accounts.forEach(([time, account], k) => {
    const cell = cellOfAccount(b, account, "warm", `warm[${k}].cell`);
    state.set(time, cell, "transaction", b.one, `warm[${k}]`, active);
  });
}

type Callee = { i: number; place: TransactionPlace; isCreation: Bool; t: Wire; recipient: Wire; time: Wire };

/** B-7. */
function codeOf(
  b: Builder,
  { state, objects, accounts, creations }: BeginServices,
  { i, place, isCreation, t, recipient, time }: Callee,
): { codeBase: Wire; codeSize: Wire; code: Wire } {
  const { active } = place;
  const isCall = and(b, active, not(b, place.isCreation, "isNoCreation"), "isCall");
  const held = state.get(time, cellOfAccount(b, recipient, "code", "code.cell"), "chain", "code", isCall);
  const bytes = objects.size(held, "code.bytes");
  const base = objects.base(held, "code.base");
  assertImplies(b, isCall, objects.isLoaded(held, "code.isLoaded"), "code.loaded");
  const isPrecompile = and(b, isCall, accounts.isPrecompile(recipient, "isPrecompile"), "callsPrecompile");
  // In place of a size, a precompile's frame has its number.
  const size = mux<Wire>(b, isPrecompile, place.to, bytes, "code.size");
  const own = mux(b, isPrecompile, b.constant(BigInt(SystemCode.PRECOMPILE)), base, "codeBase.ofCall");
  const code = assertBits(b, held, OBJECT_BITS, "code.number");
  if (creations === undefined)
    return {
      codeBase: assertBits(b, own, 20, "codeBase"),
      codeSize: assertBits(b, size, 24, "codeSize"),
      code,
    };
  const opened = creations.open({ t, account: recipient, place: i, length: place.data.length, condition: isCreation }, "creation"); // prettier-ignore
  return {
    codeBase: assertBits(b, mux(b, isCreation, opened.codeBase, own, "codeBase"), 20, "codeBase"),
    codeSize: assertBits(b, mux(b, isCreation, opened.codeSize, size, "codeSize"), 24, "codeSize"),
    code,
  };
}

/** Ids that ADDRESS, CALLER and CALLVALUE answer. */
function namedWords(
  b: Builder,
  { facts }: BeginServices,
  { place, entry }: Source,
  recipient: Wire,
): { address: Wire; caller: Wire; value: Wire } {
  const { active, sender, value } = place;
  const named = (field: "address" | "caller" | "value", word: Word): Wire => {
    const id = witnessBits(b, FACT_FIELDS.z.bits, field, () => BigInt(entry()?.[field] ?? 0));
    facts.assertWord(id, wordIf(b, active, word, `${field}.own`), `${field}.isOwn`);
    return id;
  };
  return {
    address: named("address", wordOfAddress(b, recipient, "address.word")),
    caller: named("caller", wordOfAddress(b, sender, "caller.word")),
    value: named("value", value),
  };
}

/** The call data lies in the first cells of memory; a creation has none. */
function inputOf(
  b: Builder,
  { active, dataWordBase, data }: TransactionPlace,
  isCreation: Bool,
): { inputStart: Wire; inputLength: Wire } {
  const isCall = sum(b, [[1n, active], [-1n, isCreation]], 0n, "hasInput"); // prettier-ignore
  const start = sum(b, [[32n, dataWordBase]], 0n, "inputStart"); // prettier-ignore
  const length = mul(b, isCall, data.length, "inputLength");
  return { inputStart: assertBits(b, start, 25, "inputStart"), inputLength: assertBits(b, length, 24, "inputLength") }; // prettier-ignore
}
