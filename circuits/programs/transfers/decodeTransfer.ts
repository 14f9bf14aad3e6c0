/** A raw transfer natively, and the public key that signed it: what the planner works on. */
import { SigningKey, Transaction } from "ethers";
import { type Address, parseAddress } from "../../../protocol/address.ts";
import { assertTransfer } from "../../../protocol/programs/transfers.ts";
import type { Point } from "../../gadgets/secp256k1.ts";

export interface DecodedTransfer {
  readonly chainId: bigint;
  readonly publicKey: Point;
  readonly sender: Address;
  readonly recipient: Address;
  readonly nonce: bigint;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Throws a `TransfersRefusal`, and what ethers throws for bytes that are no signed transaction. */
export function decodeTransfer(raw: Uint8Array): DecodedTransfer {
  const tx = Transaction.from(`0x${Buffer.from(raw).toString("hex")}`);
  const isUnprotected = tx.type === 0 && (tx.signature?.legacyChainId ?? null) === null;
  const maxFeePerGas = tx.maxFeePerGas ?? tx.gasPrice ?? 0n;
  assertTransfer({
    type: tx.type ?? 0,
    chainId: isUnprotected ? undefined : tx.chainId,
    to: tx.to === null ? null : parseAddress(tx.to),
    dataBytes: (tx.data.length - 2) / 2,
    accessListEntries: tx.accessList?.length ?? 0,
    maxFeePerGas,
    gasLimit: tx.gasLimit,
  });
  const key = SigningKey.recoverPublicKey(tx.unsignedHash, tx.signature!);
  return {
    chainId: tx.chainId,
    publicKey: { x: BigInt(`0x${key.slice(4, 68)}`), y: BigInt(`0x${key.slice(68)}`) },
    sender: parseAddress(tx.from!),
    recipient: parseAddress(tx.to!),
    nonce: BigInt(tx.nonce),
    value: tx.value,
    gasLimit: tx.gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas: tx.maxPriorityFeePerGas ?? maxFeePerGas,
  };
}
