/** What the executor reads of transactions, as public inputs: the lint then asks for the rest alone. */
import type { Builder } from "../../../../circuits/builder/builder.ts";
import type { Wire, Word } from "../../../../circuits/builder/wire.ts";
import type { Blocks } from "../../../../circuits/programs/evm/blocks/blocks.ts";
import type { Transactions } from "../../../../circuits/programs/evm/transactions/transactions.ts";

export function exposeAll(b: Builder, blocks: Blocks, transactions: Transactions): void {
  const one = (name: string, wire: Wire): void => b.publicInput(wire, name);
  const both = (name: string, { hi, lo }: Word): void => {
    one(`${name}.hi`, hi);
    one(`${name}.lo`, lo);
  };
  for (const [i, block] of blocks.list.entries()) one(`block[${i}].feeRecipient`, block.feeRecipient);
  for (const [i, place] of transactions.places.entries()) {
    one(`place[${i}].to`, place.to);
    one(`place[${i}].gasPrice`, place.gasPrice);
    one(`place[${i}].executionGas`, place.executionGas);
    one(`place[${i}].sender`, place.sender);
    both(`place[${i}].value`, place.value);
  }
  for (const [i, { value }] of transactions.dataWords.list.entries()) both(`dataWord[${i}]`, value);
  for (const [i, item] of transactions.accessEntries.list.entries()) {
    one(`accessEntry[${i}].address`, item.address);
    both(`accessEntry[${i}].key`, item.key);
  }
  for (const [i, { number, hash }] of transactions.blockHashes.entries.entries()) {
    one(`blockHash[${i}].number`, number);
    one(`blockHash[${i}].hash`, hash);
  }
}
