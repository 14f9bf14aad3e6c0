/** What a transfer does to the state: one debit, then the two credits in ascending order of their keys. */
import { mux, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import type { Wire, Word } from "../../builder/wire.ts";
import { accountKeyOf } from "../../gadgets/account.ts";
import { splitField } from "../../gadgets/canonicalField.ts";
import { creditAccount, type CreditHint } from "../../gadgets/creditAccount.ts";
import { debitAccount, type DebitHint } from "../../gadgets/debitAccount.ts";
import type { LeafReplacements } from "../../gadgets/leafReplacements.ts";
import { isLessWord, muxWord, productWord, toWord } from "../../gadgets/word.ts";
import { TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import type { Transfer } from "./transfer.ts";

export interface ApplyHint {
  readonly debit: DebitHint;
  /** In the order of the keys. */
  readonly credits: readonly [CreditHint, CreditHint];
}

/** An inactive place reads nothing; its debit must still have an answer, so its account is rich. */
const NOTHING: CreditHint = {
  isAbsent: false,
  lowKey: 0n,
  lowValueHash: 0n,
  nextKey: 0n,
  nextIndex: 0n,
  nonce: 0n,
  balance: 0n,
};
const PADDING_HINT: ApplyHint = {
  debit: { balance: 1n << 255n, nextKey: 0n, nextIndex: 0n },
  credits: [NOTHING, NOTHING],
};

/** Returns the leaf count after. */
export function applyTransfer(
  b: Builder,
  tree: LeafReplacements,
  leafCount: Wire,
  transfer: Transfer,
  hint: () => ApplyHint | undefined,
): Wire {
  const { active, value } = transfer;
  const given = (): ApplyHint => hint() ?? PADDING_HINT;
  const senderKey = accountKeyOf(b, transfer.sender, "sender.key");
  const upfront = productWord(b, transfer.gasLimit, transfer.maxFee, "upfront");
  const price = sum(b, [[TRANSFER_GAS, transfer.baseFee], [TRANSFER_GAS, transfer.tip]], 0n, "gas.paid"); // prettier-ignore
  const paid = [value, toWord(b, price, "gas")];
  const debit = { active, key: senderKey, nonce: transfer.nonce, required: [value, upfront], paid };
  debitAccount(b, tree, debit, () => given().debit, "debit");

  const [low, high] = orderedCredits(b, transfer);
  const count = creditAccount(b, tree, leafCount, { active, ...low }, () => given().credits[0], "credit[0]");
  return creditAccount(b, tree, count, { active, ...high }, () => given().credits[1], "credit[1]");
}

type Entry = { key: Wire; keyWord: Word; amount: Word };

/** The recipient's value and the fee recipient's tip, the lower key first. */
function orderedCredits(b: Builder, transfer: Transfer): [Entry, Entry] {
  const entry = (address: Wire, amount: Word, name: string): Entry => {
    const key = accountKeyOf(b, address, `${name}.key`);
    return { key, keyWord: splitField(b, key, `${name}.keyWord`), amount };
  };
  const recipient = entry(transfer.recipient, transfer.value, "recipient");
  const tips = toWord(b, sum(b, [[TRANSFER_GAS, transfer.tip]], 0n, "tips"), "tips");
  const fees = entry(transfer.feeRecipient, tips, "feeRecipient");
  const swaps = isLessWord(b, fees.keyWord, recipient.keyWord, "credits.swap");
  const pick = (x: Entry, y: Entry, name: string): Entry => ({
    key: mux(b, swaps, x.key, y.key, `${name}.key`),
    keyWord: muxWord(b, swaps, x.keyWord, y.keyWord, `${name}.keyWord`),
    amount: muxWord(b, swaps, x.amount, y.amount, `${name}.amount`),
  });
  return [pick(fees, recipient, "credits.low"), pick(recipient, fees, "credits.high")];
}
