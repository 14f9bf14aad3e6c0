/** BALANCE, SELFBALANCE, EXTCODESIZE, EXTCODEHASH, and the account of EXTCODECOPY. */
import { type CodeIdentity, NO_CODE } from "../../../state/code.ts";
import type { FactKey } from "../../factKey.ts";
import { Gas } from "../../machine/gas.ts";
import { toAddress } from "../../machine/word.ts";
import { OPCODE } from "../../opcodes.ts";
import { SystemCode } from "../../tags.ts";
import type { CodePlan } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";
import type { Answer } from "../rowMachine.ts";
import type { StatePlan } from "../state/statePlan.ts";
import { loadCode } from "./loadCode.ts";
import { ACCOUNT_SUB } from "./subs.ts";
import { PRECOMPILE_ADDRESSES } from "./transactionOps.ts";

export interface AccountOpEntry {
  /** With its answers. */
  readonly fact: FactKey;
}

export class AccountOps {
  readonly entries: AccountOpEntry[] = [];
  readonly #book: FactBook;
  readonly #state: StatePlan;
  readonly #code: CodePlan;

  constructor(book: FactBook, state: StatePlan, code: CodePlan) {
    this.#book = book;
    this.#state = state;
    this.#code = code;
  }

  /** `self`: the frame's account. */
  execute(question: FactKey, self: bigint): Answer {
    const { op } = question;
    const t = Number(question.t);
    const isSelf = op === OPCODE.SELFBALANCE;
    const address = isSelf ? self : toAddress(this.#book.value(Number(question.a)));
    const account = this.#state.account(address);
    const y = isSelf ? 0n : this.warm(t, account, address);
    const z = this.#answer(op, t, account);
    const fact = { ...question, z, y };
    this.#book.key("accountOps", this.#book.take("accountOps"), fact);
    this.entries.push({ fact });
    return { z, y };
  }

  /** The account of EXTCODECOPY at row `t`, its code loaded. `address`: the word. */
  open = (t: number, word: bigint): { gas: number; codeBase: number; codeSize: number } => {
    const address = toAddress(word);
    const account = this.#state.account(address);
    const gas = Number(this.warm(t, account, address));
    const number = this.#state.getAccount({ t, sub: ACCOUNT_SUB.code }, account, "code");
    if (number === 0) return { gas, codeBase: SystemCode.STOP, codeSize: 0 };
    const { base, length } = loadCode(this.#state, this.#code, number);
    return { gas, codeBase: base, codeSize: length };
  };

  /** Gas of the access (EIP-2929). */
  warm(t: number, account: number, address: bigint): bigint {
    const isWarm = this.#state.setAccount({ t, sub: ACCOUNT_SUB.warm }, account, "warm", 1) !== 0;
    return isWarm || PRECOMPILE_ADDRESSES.has(address) ? Gas.WARM_ACCESS : Gas.COLD_ACCOUNT;
  }

  #answer(op: number, t: number, account: number): number {
    const state = this.#state;
    const get = (cell: "balance" | "code" | "nonce"): number =>
      state.getAccount({ t, sub: ACCOUNT_SUB[cell] }, account, cell);
    if (op === OPCODE.BALANCE || op === OPCODE.SELFBALANCE) return get("balance");
    if (op === OPCODE.EXTCODESIZE) return this.#book.literal(identityOf(this.#code, get("code")).codeSize);
    const balance = this.#book.value(get("balance"));
    const code = get("code");
    const nonce = this.#book.value(get("nonce"));
    const isDead = code === 0 && balance === 0n && nonce === 0n;
    return this.#book.literal(isDead ? 0n : identityOf(this.#code, code).codeHash);
  }
}

/** Of object `number`; 0 is no code. */
const identityOf = (code: CodePlan, number: number): CodeIdentity =>
  number === 0 ? NO_CODE : code.objects[number - 1]!.identity;
