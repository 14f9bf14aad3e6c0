import { RLP } from "@ethereumjs/rlp";
import { bytesToBigInt, fromHex, toHex } from "../hex.ts";
import { logsBloom } from "./bloom.ts";
import type { Log, Receipt } from "./receipt.ts";

type Fields = (Uint8Array | Fields)[];

const logFields = ({ address, topics, data }: Log): Fields => [fromHex(address), topics.map(fromHex), data];

/** As it goes into the receipts trie (EIP-2718): `type | rlp([status, cumulativeGasUsed, bloom, logs])`. */
export function consensusReceipt(receipt: Receipt): Uint8Array {
  const { status, cumulativeGasUsed, logs } = receipt;
  const body = RLP.encode([status, cumulativeGasUsed, receipt.logsBloom, logs.map(logFields)]);
  return receipt.type === 0 ? body : Buffer.concat([Buffer.of(receipt.type), body]);
}

/** The receipts of a block as the store keeps them: rlp of the fields below, in order; the bloom is recomputed. */
export const encodeReceipts = (receipts: readonly Receipt[]): Uint8Array =>
  RLP.encode(
    receipts.map((r) => [
      fromHex(r.transactionHash),
      r.type,
      fromHex(r.from),
      fromHex(r.to ?? "0x"),
      fromHex(r.contractAddress ?? "0x"),
      r.status,
      r.gasUsed,
      r.cumulativeGasUsed,
      r.effectiveGasPrice,
      r.logs.map(logFields),
    ]),
  );

export const decodeReceipts = (bytes: Uint8Array): Receipt[] =>
  (RLP.decode(bytes) as Fields[]).map((fields, index) => decodeReceipt(fields, index));

function decodeReceipt(fields: Fields, index: number): Receipt {
  const [hash, type, from, to, contractAddress, status, gasUsed, cumulativeGasUsed, price] =
    fields as Uint8Array[];
  const logs = (fields[9] as Fields[]).map(([address, topics, data]): Log => ({
    address: toHex(address as Uint8Array),
    topics: (topics as Uint8Array[]).map(toHex),
    data: data as Uint8Array,
  }));
  return {
    transactionHash: toHex(hash!),
    index,
    type: Number(bytesToBigInt(type!)),
    from: toHex(from!),
    to: to!.length > 0 ? toHex(to!) : undefined,
    contractAddress: contractAddress!.length > 0 ? toHex(contractAddress!) : undefined,
    status: bytesToBigInt(status!) === 1n ? 1 : 0,
    gasUsed: bytesToBigInt(gasUsed!),
    cumulativeGasUsed: bytesToBigInt(cumulativeGasUsed!),
    effectiveGasPrice: bytesToBigInt(price!),
    logs,
    logsBloom: logsBloom(logs),
  };
}
