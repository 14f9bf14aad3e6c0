/** The transactions' bytes of all blocks, one after another; then the padding transaction, the padding access items, zeros. */
import type { Builder } from "../../../builder/builder.ts";
import { constantBits, witnessBytes } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { PADDING_ENTRY, PADDING_KEY_ITEM } from "../../../gadgets/accessList.ts";
import { bytePowers, SuffixStream } from "../../../gadgets/suffixStream.ts";
import { PADDING_TRANSACTION } from "./paddingTransaction.ts";
import type { TransactionsParameters } from "../../../../protocol/evm/transactionsUse.ts";

/** Zeros at the end: a slice, a word or the planned end of a row of the hash may look at what would follow the last byte. */
const SLACK = 96;

const PADDING = [PADDING_TRANSACTION, PADDING_ENTRY, PADDING_KEY_ITEM, new Uint8Array(SLACK)];
const PADDING_BYTES = PADDING.flatMap((part) => Array.from(part));

export interface TransactionStream {
  readonly stream: SuffixStream;
  /** Bits of any position, also of one that a row of words or of the hash plans. */
  readonly positionBits: number;
  readonly padding: { readonly transaction: Wire; readonly entry: Wire; readonly key: Wire };
}

export function transactionStream(
  b: Builder,
  { streamBytes }: TransactionsParameters,
  bytes: () => Uint8Array,
): TransactionStream {
  const wires = witnessBytes(b, "byte", streamBytes, bytes);
  const constants = PADDING_BYTES.map((byte) => constantBits(b, 8, BigInt(byte)));
  const all = [...wires, ...constants];
  const entry = streamBytes + PADDING_TRANSACTION.length;
  return {
    stream: new SuffixStream(b, all, bytePowers(b, "powers256"), "stream"),
    positionBits: (all.length + 128).toString(2).length,
    padding: {
      transaction: b.constant(BigInt(streamBytes)),
      entry: b.constant(BigInt(entry)),
      key: b.constant(BigInt(entry + PADDING_ENTRY.length)),
    },
  };
}
