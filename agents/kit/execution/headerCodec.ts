import { RLP } from "@ethereumjs/rlp";
import { StackError } from "../../../protocol/errors.ts";
import { bytesToBigInt, fromHex, toHex } from "../hex.ts";
import type { BlockHeader } from "./blockHeader.ts";

const HEADER_FIELDS = 15;

/** A header as the store keeps it: rlp of its fields in the order of the type. */
export const encodeHeader = (h: BlockHeader): Uint8Array =>
  RLP.encode([
    h.number,
    fromHex(h.hash),
    fromHex(h.parentHash),
    h.timestamp,
    fromHex(h.feeRecipient),
    h.gasLimit,
    h.baseFeePerGas,
    h.gasUsed,
    fromHex(h.stateRoot),
    fromHex(h.receiptsHead),
    fromHex(h.transactionsRoot),
    fromHex(h.receiptsRoot),
    h.logsBloom,
    h.transactionHashes.map(fromHex),
    h.size,
  ]);

/** @throws StackError HEADER_FORMAT for a record of another version */
export function decodeHeader(bytes: Uint8Array): BlockHeader {
  const fields = RLP.decode(bytes) as [...Uint8Array[]];
  if (fields.length !== HEADER_FIELDS)
    throw new StackError({ code: "HEADER_FORMAT", expected: HEADER_FIELDS, actual: fields.length }, "fatal");
  const at = (i: number): Uint8Array => fields[i]!;
  return {
    number: bytesToBigInt(at(0)),
    hash: toHex(at(1)),
    parentHash: toHex(at(2)),
    timestamp: bytesToBigInt(at(3)),
    feeRecipient: toHex(at(4)),
    gasLimit: bytesToBigInt(at(5)),
    baseFeePerGas: bytesToBigInt(at(6)),
    gasUsed: bytesToBigInt(at(7)),
    stateRoot: toHex(at(8)),
    receiptsHead: toHex(at(9)),
    transactionsRoot: toHex(at(10)),
    receiptsRoot: toHex(at(11)),
    logsBloom: at(12),
    transactionHashes: (fields[13] as unknown as Uint8Array[]).map(toHex),
    size: Number(bytesToBigInt(at(14))),
  };
}
