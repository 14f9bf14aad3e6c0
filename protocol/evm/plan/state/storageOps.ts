/** SLOAD, SSTORE (EIP-2200, EIP-2929, EIP-3529), TLOAD and TSTORE (EIP-1153) of a chunk. */
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import type { FactBook } from "../factBook.ts";
import type { Answer } from "../rowMachine.ts";
import type { StatePlan } from "./statePlan.ts";

export interface StorageOpEntry {
  readonly question: FactKey;
}

/** Order of a storage opcode's accesses within its row. */
export const STORAGE_SUB = { doomed: 0, value: 1, warm: 2, refund: 3 } as const;

export const STORAGE_GAS = {
  coldLoad: 2_100n,
  warm: 100n,
  set: 20_000n,
  reset: 2_900n,
  coldStore: 2_100n,
} as const;

export class StorageOps {
  readonly entries: StorageOpEntry[] = [];
  readonly #book: FactBook;
  readonly #state: StatePlan;

  constructor(book: FactBook, state: StatePlan) {
    this.#book = book;
    this.#state = state;
  }

  /** `address`: of the account whose storage it is. */
  execute(question: FactKey, address: bigint): Answer {
    const { op } = question;
    const [t, a, b] = [question.t, question.a, question.b].map(Number) as [number, number, number];
    const state = this.#state;
    const account = state.account(address);
    const slot = state.slot(account, this.#book.value(a));
    const entry = this.#book.take("storageOps");
    this.entries.push({ question });
    let answer: Required<Answer> = { z: 0, y: 0n };
    if (op === OPCODE.TLOAD)
      answer = { z: state.getSlot({ t, sub: STORAGE_SUB.value }, slot, "transient"), y: 0n };
    else if (op === OPCODE.TSTORE) state.setSlot({ t, sub: STORAGE_SUB.value }, slot, "transient", b);
    else answer = this.#persistent(op === OPCODE.SSTORE, { t, account, slot, after: b });
    this.#book.key("storageOps", entry, { ...question, z: answer.z, y: BigInt(answer.y) });
    return answer;
  }

  #persistent(
    isStore: boolean,
    { t, account, slot, after }: { t: number; account: number; slot: number; after: number },
  ): Required<Answer> {
    const state = this.#state;
    const isDoomed = state.getAccount({ t, sub: STORAGE_SUB.doomed }, account, "doomed") !== 0;
    const cell = isDoomed ? "doomed" : "value";
    const at = { t, sub: STORAGE_SUB.value };
    const before = isStore ? state.setSlot(at, slot, cell, after) : state.getSlot(at, slot, cell);
    const when = { t, sub: STORAGE_SUB.warm };
    const warm = state.peekSlot(slot, "warm");
    state.setSlot(when, slot, "warm", warm === 0 ? before + 1 : warm);
    const isCold = warm === 0;
    if (!isStore) return { z: before, y: isCold ? STORAGE_GAS.coldLoad : STORAGE_GAS.warm };
    const [original, current, value] = [isCold ? before : warm - 1, before, after].map((id) => this.#book.value(id)) as [bigint, bigint, bigint]; // prettier-ignore
    const refund = refundOf(original, current, value);
    if (refund !== 0n) {
      const counter = this.#book.value(state.peekGlobal("refund")) + refund;
      state.setGlobal({ t, sub: STORAGE_SUB.refund }, "refund", this.#book.literal(counter));
    }
    return { z: 0, y: storeGas(original, current, value) + (isCold ? STORAGE_GAS.coldStore : 0n) };
  }
}

/** Gas of SSTORE without the surcharge of a cold slot. */
export function storeGas(original: bigint, current: bigint, value: bigint): bigint {
  if (current === value || original !== current) return STORAGE_GAS.warm;
  return original === 0n ? STORAGE_GAS.set : STORAGE_GAS.reset;
}

/** What SSTORE adds to the refund counter. */
export function refundOf(original: bigint, current: bigint, value: bigint): bigint {
  if (current === value) return 0n;
  if (original === current) return original !== 0n && value === 0n ? 4_800n : 0n;
  let refund = 0n;
  if (original !== 0n && current === 0n) refund -= 4_800n;
  if (original !== 0n && value === 0n) refund += 4_800n;
  if (original === value) refund += original === 0n ? 19_900n : 2_800n;
  return refund;
}
