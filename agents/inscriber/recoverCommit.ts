import { Transaction } from "bitcoinjs-lib";
import type { PairRecord } from "./journal.ts";
import { signKeyPath, type InscriberKeys } from "./taproot.ts";

/**
 * Spends the leaf output of a commit whose reveal will never be, back to the funding address: by the key path, for which the
 * leaf hash suffices. It excludes the reveal, so it is an operator's decision and no agent's.
 */
export function recoverCommit(keys: InscriberKeys, pair: PairRecord, feeRate: number): Transaction {
  const commit = Transaction.fromHex(pair.commitHex);
  const { script, value } = commit.outs[0]!;
  const build = (valueSats: bigint): Transaction => {
    const transaction = new Transaction();
    transaction.version = 2;
    transaction.addInput(commit.getHash(), 0);
    transaction.addOutput(keys.funding.script, valueSats);
    const prevouts = [{ script, valueSats: value }];
    const root = new Uint8Array(Buffer.from(pair.leafHash, "hex"));
    transaction.setWitness(0, [signKeyPath(transaction, 0, prevouts, keys.funding, root)]);
    return transaction;
  };
  return build(value - BigInt(Math.ceil(build(value).virtualSize() * feeRate)));
}
