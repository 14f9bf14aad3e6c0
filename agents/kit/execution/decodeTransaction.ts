import { RLP } from "@ethereumjs/rlp";
import {
  createAccessList2930TxFromBytesArray,
  create1559FeeMarketTxFromBytesArray,
  createLegacyTxFromBytesArray,
  type TypedTransaction,
} from "@ethereumjs/tx";
import { Address } from "@ethereumjs/util";
import { equalBytes } from "../../../protocol/bytes.ts";
import { MAX_TRANSACTION_BYTES } from "../../../protocol/constants.ts";
import { StackError } from "../../../protocol/errors.ts";
import { bigIntToBytes, bytesToBigInt, toHex } from "../hex.ts";
import type { ChainCommon } from "./chainCommon.ts";
import { keccak256 } from "./keccak256.ts";
import { recoverPublicKey } from "./recoverPublicKey.ts";
import type { TransactionRefusal } from "./refusedTransaction.ts";
import type { SignedTransaction } from "./transaction.ts";

/** EIP-3860: bytes of init code. */
export const MAX_INIT_CODE_BYTES = 49_152;

/** Fields of a legacy transaction before `v, r, s`; of a type 1; of a type 2 (EIP-155, EIP-2930, EIP-1559). */
const FIELDS = [6, 8, 9];

/** Half the order of secp256k1: a signature with a greater s is another one's mirror image (EIP-2). */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

type Values = Parameters<typeof create1559FeeMarketTxFromBytesArray>[0];

const refuse = (type: TransactionRefusal): never => {
  throw new StackError(type, "fatal");
};

/**
 * Decodes a raw transaction and recovers its sender.
 * Accepts the canonical encoding only: the bytes are what blocks, proofs and the data layer carry, and another encoding of
 * the same transaction would have another hash.
 * @throws StackError TRANSACTION_MALFORMED, _TOO_LARGE, _TYPE_UNSUPPORTED, _UNPROTECTED, WRONG_CHAIN_ID, SIGNATURE_INVALID,
 * TIP_ABOVE_FEE_CAP, INIT_CODE_TOO_LARGE
 */
export function decodeTransaction(raw: Uint8Array, common: ChainCommon): SignedTransaction {
  if (raw.length > MAX_TRANSACTION_BYTES)
    refuse({ code: "TRANSACTION_TOO_LARGE", bytes: raw.length, maxBytes: MAX_TRANSACTION_BYTES });
  const type = transactionType(raw);
  const values = decodeFields(type === 0 ? raw : raw.subarray(1));
  if (values.length !== (FIELDS[type] as number) + 3)
    refuse({ code: "TRANSACTION_MALFORMED", reason: "field count" });
  assertChainId(type, values as Uint8Array[], common.chainId());
  assertFees(type, values as Uint8Array[]);
  assertLowS(values as Uint8Array[]);
  const evm = build(type, values, common);
  const canonical = evm.serialize();
  if (!equalBytes(canonical, raw))
    refuse({ code: "TRANSACTION_MALFORMED", reason: "not the canonical encoding" });
  return describe(evm, raw);
}

/** First byte >= 0xc0 is a list: legacy. Below 0x80 it is the type (EIP-2718). */
function transactionType(raw: Uint8Array): 0 | 1 | 2 {
  const first = raw[0] ?? refuse({ code: "TRANSACTION_MALFORMED", reason: "no bytes" });
  if (first >= 0xc0) return 0;
  if (first === 1 || first === 2) return first;
  return refuse({ code: "TRANSACTION_TYPE_UNSUPPORTED", type: first });
}

function decodeFields(list: Uint8Array): Values {
  try {
    const values = RLP.decode(list);
    if (Array.isArray(values)) return values as Values;
  } catch (error) {
    malformed(error);
  }
  return refuse({ code: "TRANSACTION_MALFORMED", reason: "not a list" });
}

function malformed(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new StackError<TransactionRefusal>({ code: "TRANSACTION_MALFORMED", reason }, "fatal", {
    cause: error,
  });
}

function assertChainId(type: number, values: Uint8Array[], expected: bigint): void {
  const field = values[type === 0 ? 6 : 0];
  if (!(field instanceof Uint8Array))
    return refuse({ code: "TRANSACTION_MALFORMED", reason: "chain id is a list" });
  let chainId = bytesToBigInt(field);
  if (type === 0) {
    if (chainId === 27n || chainId === 28n) refuse({ code: "TRANSACTION_UNPROTECTED" });
    if (chainId < 35n) refuse({ code: "SIGNATURE_INVALID" });
    chainId = (chainId - 35n) / 2n;
  }
  if (chainId !== expected) refuse({ code: "WRONG_CHAIN_ID", expected, actual: chainId });
}

function assertFees(type: number, values: Uint8Array[]): void {
  const [to, data] = type === 0 ? [values[3], values[5]] : [values[type + 3], values[type + 5]];
  if (to?.length === 0 && data && data.length > MAX_INIT_CODE_BYTES)
    refuse({ code: "INIT_CODE_TOO_LARGE", bytes: data.length, maxBytes: MAX_INIT_CODE_BYTES });
  if (type !== 2) return;
  const [maxPriorityFeePerGas, maxFeePerGas] = [values[2], values[3]].map((field) =>
    field instanceof Uint8Array ? bytesToBigInt(field) : 0n,
  ) as [bigint, bigint];
  if (maxPriorityFeePerGas > maxFeePerGas)
    refuse({ code: "TIP_ABOVE_FEE_CAP", maxPriorityFeePerGas, maxFeePerGas });
}

function assertLowS(values: Uint8Array[]): void {
  const s = values.at(-1);
  if (s instanceof Uint8Array && bytesToBigInt(s) > MAX_S) refuse({ code: "SIGNATURE_INVALID" });
}

function build(type: 0 | 1 | 2, values: Values, common: ChainCommon): TypedTransaction {
  const options = { common, freeze: false };
  try {
    if (type === 0) return createLegacyTxFromBytesArray(values as never, options);
    if (type === 1) return createAccessList2930TxFromBytesArray(values as never, options);
    return create1559FeeMarketTxFromBytesArray(values, options);
  } catch (error) {
    return malformed(error);
  }
}

function describe(evm: TypedTransaction, raw: Uint8Array): SignedTransaction {
  const [v, r, s] = [evm.v ?? 0n, evm.r ?? 0n, evm.s ?? 0n];
  const sender = recoverSender(evm, v, r, s);
  // The library would recover again, and hash with its slow keccak, each time it is asked.
  Object.assign(evm, { getSenderAddress: () => sender });
  const gasPrice = "gasPrice" in evm ? evm.gasPrice : 0n;
  return {
    hash: toHex(keccak256(raw)),
    raw,
    type: evm.type,
    chainId: evm.common.chainId(),
    from: toHex(sender.bytes),
    to: evm.to && toHex(evm.to.bytes),
    nonce: evm.nonce,
    value: evm.value,
    gasLimit: evm.gasLimit,
    maxFeePerGas: "maxFeePerGas" in evm ? evm.maxFeePerGas : gasPrice,
    maxPriorityFeePerGas: "maxPriorityFeePerGas" in evm ? evm.maxPriorityFeePerGas : gasPrice,
    data: evm.data,
    accessList: accessListOf(evm),
    v,
    r,
    s,
    evm,
  };
}

function recoverSender(evm: TypedTransaction, v: bigint, r: bigint, s: bigint): Address {
  const recoveryId = evm.type === 0 ? Number((v - 35n) % 2n) : Number(v);
  const signature = Buffer.concat([bigIntToBytes(r, 32), bigIntToBytes(s, 32)]);
  try {
    const publicKey = recoverPublicKey(evm.getHashedMessageToSign(), signature, recoveryId);
    return new Address(keccak256(publicKey).subarray(12));
  } catch (error) {
    throw new StackError<TransactionRefusal>({ code: "SIGNATURE_INVALID" }, "fatal", { cause: error });
  }
}

function accessListOf(evm: TypedTransaction): SignedTransaction["accessList"] {
  if (!("accessList" in evm)) return [];
  return evm.accessList.map(([address, slots]) => ({
    address: toHex(address),
    storageKeys: slots.map(toHex),
  }));
}
