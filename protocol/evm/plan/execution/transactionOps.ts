/** BEGIN and END of transactions: what happens to the state before the first opcode and after the last. */
import { encodeBytes, encodeList, encodeUint } from "../../machine/rlp.ts";
import type { FrameTrace, Transaction, TransactionTrace } from "../../machine/trace.ts";
import { uintToBytes } from "../../machine/word.ts";
import type { FactKey } from "../../factKey.ts";
import { SystemCode, Tag } from "../../tags.ts";
import type { CodePlan } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";
import type { RowMachine } from "../rowMachine.ts";
import type { StatePlan } from "../state/statePlan.ts";
import { loadCode } from "./loadCode.ts";
import { BEGIN_SUB, END_SUB } from "./subs.ts";
import type { CreationPlanner, TransactionStartPlan } from "./transactionStart.ts";

export interface TransactionEntry {
  readonly begin: FactKey;
  /** Ids of words. */
  readonly address: number;
  readonly caller: number;
  readonly value: number;
  /** It makes an account that it destroys. */
  readonly isDoomed: boolean;
  /** Undefined until the transaction has ended. */
  end: FactKey | undefined;
}

export interface TransactionPlanServices {
  readonly book: FactBook;
  readonly rows: RowMachine;
  readonly state: StatePlan;
  readonly code: CodePlan;
  readonly creations: CreationPlanner;
}

export const PRECOMPILE_ADDRESSES: ReadonlySet<bigint> = new Set([1n, 2n, 3n, 4n, 5n, 9n]);

interface Opening {
  readonly recipient: bigint;
  /** Place. */
  readonly entry: number;
  readonly t: number;
  readonly isDoomed: boolean;
}

/** What the address of a created account is the digest of (yellow paper 7). */
const createMessage = ({ transaction: { sender, nonce } }: TransactionTrace): Uint8Array =>
  encodeList([encodeBytes(uintToBytes(sender, 20)), encodeUint(nonce)]);

export class TransactionOps {
  readonly entries: TransactionEntry[] = [];
  readonly starts: TransactionStartPlan[] = [];
  /** By place: where its init code stands in the table of all code, if it has some that runs. */
  readonly initCodes: number[] = [];
  readonly #services: TransactionPlanServices;
  /** Rows of all access lists, and words of all data, so far. */
  #accessRows = 0;
  #dataWords = 0;

  constructor(services: TransactionPlanServices) {
    this.#services = services;
  }

  /** Executes the BEGIN row. `frame`: the transaction's own. */
  begin(trace: TransactionTrace, frame: FrameTrace, feeRecipient: bigint): TransactionStartPlan {
    const { book, rows, creations } = this.#services;
    const { t } = rows;
    const question = rows.question(Tag.BEGIN);
    const entry = book.take("transactions");
    const recipient = trace.createdAddress ?? trace.transaction.to ?? 0n;
    this.#open(trace, recipient, feeRecipient);
    if (trace.createdAddress !== undefined) {
      creations.digest(createMessage(trace));
      // Without room for code, a circuit has nothing that opens accounts, not even for a creation without code.
      book.reach("segments", 1);
    }
    const isDoomed = creations.isDoomed(frame);
    const start = this.#start(trace, { recipient, entry, t, isDoomed });
    const begin = { ...question, z: start.codeBase, y: start.frame };
    book.key("transactions", entry, begin);
    const { address, caller, value } = start;
    this.entries.push({ begin, address, caller, value, isDoomed, end: undefined });
    this.starts.push(start);
    rows.step(Tag.BEGIN, { z: start.codeBase, y: start.frame });
    return start;
  }

  /** Executes the END row of the last transaction. `hasNext`: of the chunk; `settle` claims further accesses of the row. */
  end(trace: TransactionTrace, feeRecipient: bigint, hasNext: boolean, settle: () => void): void {
    const { book, rows, state } = this.#services;
    const number = this.entries.length - 1;
    const entry = this.entries[number]!;
    const question = rows.question(Tag.END);
    const { t } = rows;
    const { gasLimit, sender } = trace.transaction;
    state.getGlobal({ t, sub: END_SUB.refund }, "refund");
    state.getGlobal({ t, sub: END_SUB.logs }, "logs");
    const paidBack = this.paidBack(gasLimit, trace);
    this.#add(t, END_SUB.payBack, sender, paidBack);
    this.#add(t, END_SUB.tip, this.paidTo(feeRecipient), this.tip(trace));
    settle();
    const z = hasNext ? SystemCode.BEGIN : SystemCode.HALT;
    entry.end = { ...question, z };
    book.key("transactions", number, entry.end, 1);
    rows.step(Tag.END, { z });
  }

  // Amounts and places a lying planner may change.

  /** Wei bought at the start. */
  bought = ({ transaction, effectiveGasPrice }: TransactionTrace): bigint =>
    transaction.gasLimit * effectiveGasPrice;
  /** Wei for gas that was not used, refund included. */
  paidBack = (gasLimit: bigint, { gasUsed, effectiveGasPrice }: TransactionTrace): bigint =>
    (gasLimit - gasUsed) * effectiveGasPrice;
  tip = ({ gasUsed, tip }: TransactionTrace): bigint => gasUsed * tip;
  paidTo = (feeRecipient: bigint): bigint => feeRecipient;
  nonceAfter = ({ nonce }: Transaction): bigint => nonce + 1n;
  /** Wei from the sender to the recipient. */
  transferred = ({ value }: Transaction): bigint => value;
  isWarmed = (_address: bigint): boolean => true;

  #open(trace: TransactionTrace, recipient: bigint, feeRecipient: bigint): void {
    const { book, rows, state } = this.#services;
    const { t } = rows;
    const { transaction } = trace;
    const sender = state.account(transaction.sender);
    state.bus.newTransaction(t, BEGIN_SUB.newTransaction);
    state.setAccount(
      { t, sub: BEGIN_SUB.nonce },
      sender,
      "nonce",
      book.literal(this.nonceAfter(transaction)),
    );
    state.getAccount({ t, sub: BEGIN_SUB.senderCode }, sender, "code");
    this.#add(t, BEGIN_SUB.buyGas, transaction.sender, -this.bought(trace));
    this.#warm(t, BEGIN_SUB.warmSender, transaction.sender);
    this.#warm(t, BEGIN_SUB.warmRecipient, recipient);
    this.#warm(t, BEGIN_SUB.warmFeeRecipient, feeRecipient);
    for (const { address, slots } of transaction.accessList) {
      this.#warm(t, BEGIN_SUB.access + 2 * this.#accessRows++, address);
      for (const slot of slots) this.#warmSlot(t, address, slot);
    }
  }

  #start(trace: TransactionTrace, opening: Opening): TransactionStartPlan {
    const { recipient, entry, t } = opening;
    const { book, rows, state } = this.#services;
    const { transaction, intrinsicGas } = trace;
    const { sender, value, data, gasLimit, to } = transaction;
    const checkpoint = state.bus.checkpoint(t, BEGIN_SUB.checkpoint);
    const moved = this.transferred(transaction);
    this.#add(t, BEGIN_SUB.transferOut, sender, -moved);
    this.#add(t, BEGIN_SUB.transferIn, recipient, moved);
    const isCreation = to === undefined;
    const inputStart = 32 * this.#dataWords;
    if (!isCreation) this.#dataWords += Math.ceil(data.length / 32);
    const code = isCreation ? this.#creation(opening, data) : this.#codeOf(recipient, t);
    return {
      frame: entry + 1,
      isCreation,
      t,
      ...code,
      address: book.literal(recipient),
      caller: book.literal(sender),
      value: book.literal(value),
      inputStart,
      inputLength: isCreation ? 0 : data.length,
      floor: rows.gas - (gasLimit - intrinsicGas),
      checkpoint,
    };
  }

  #codeOf(recipient: bigint, t: number): { codeBase: number; codeSize: number; code: number } {
    const { state, code: plan } = this.#services;
    const account = state.account(recipient);
    const code = state.getAccount({ t, sub: BEGIN_SUB.code }, account, "code");
    // In place of a size: which one it is.
    if (PRECOMPILE_ADDRESSES.has(recipient))
      return { codeBase: SystemCode.PRECOMPILE, codeSize: Number(recipient), code };
    if (code === 0) return { codeBase: SystemCode.STOP, codeSize: 0, code };
    const { base, length } = loadCode(state, plan, code);
    return { codeBase: base, codeSize: length, code };
  }

  #creation(
    { recipient, entry, t, isDoomed }: Opening,
    bytes: Uint8Array,
  ): { codeBase: number; codeSize: number; code: number } {
    const { creations, state } = this.#services;
    const account = state.account(recipient);
    const { codeBase, codeSize, initCode } = creations.open({ t, account, bytes, isDoomed });
    this.initCodes[entry] = initCode;
    return { codeBase, codeSize, code: 0 };
  }

  #warm(t: number, sub: number, address: bigint): void {
    const { state } = this.#services;
    const account = state.account(address);
    if (this.isWarmed(address)) state.setAccount({ t, sub }, account, "warm", 1);
    else state.getAccount({ t, sub }, account, "warm");
  }

  #warmSlot(t: number, address: bigint, slot: bigint): void {
    const { state } = this.#services;
    const number = state.slot(state.account(address), slot);
    const row = this.#accessRows++;
    const id = state.getSlot({ t, sub: BEGIN_SUB.access + 2 * row }, number, "value");
    state.setSlot({ t, sub: BEGIN_SUB.accessSlot + 2 * row }, number, "warm", id + 1);
  }

  /** Adds to a balance; the id stays where nothing is added. */
  #add(t: number, sub: number, address: bigint, amount: bigint): void {
    const { book, state } = this.#services;
    const account = state.account(address);
    const before = state.peekAccount(account, "balance");
    const after = amount === 0n ? before : book.literal(BigInt.asUintN(256, book.value(before) + amount));
    state.setAccount({ t, sub }, account, "balance", after);
  }
}
