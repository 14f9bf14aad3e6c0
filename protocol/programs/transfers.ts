/**
 * What the program `transfers` can prove, and the names under which a chain on it refuses the rest. Pure rules: the node
 * applies them before it accepts a transaction, the sequencer before it seals a block.
 */
import { type Address, addressToField } from "../address.ts";
import { StackError } from "../errors.ts";

/** Gas of every transfer: no more is used, whatever its gas limit. */
export const TRANSFER_GAS = 21_000n;

/** Most transfers of one block: what one proof holds. */
export const MAX_TRANSFERS_PER_BLOCK = 10;

/**
 * Longest raw transfer: type and list header 3, chain id 9, nonce 9, two fees of 17, gas limit 9, recipient 21, value 33,
 * no data 1, no access list 1, parity 1, r and s 33 each.
 */
export const MAX_RAW_TRANSFER_BYTES = 187;

/** Fees per gas are below this: 16 bytes. More than all ether there is, for one unit of gas. */
export const TRANSFER_FEE_LIMIT = 1n << 128n;

/** Nonces and gas limits are below this (EIP-2681). */
export const TRANSFER_NUMBER_LIMIT = 1n << 64n;

/** Chain ids of a `transfers` chain are below this: v = 35 + 2 * chainId + parity then fits 8 bytes. */
export const TRANSFERS_CHAIN_ID_LIMIT = 1n << 62n;

/** Addresses 1 to 10 are programs, not accounts (Cancun): value sent to them may be refused or cost more gas. */
export const LAST_PRECOMPILE = 10n;

export type TransfersRefusal =
  | { code: "TRANSFERS_TYPE"; type: number }
  | { code: "TRANSFERS_UNPROTECTED" }
  | { code: "TRANSFERS_NO_CREATION" }
  | { code: "TRANSFERS_NO_DATA"; bytes: number }
  | { code: "TRANSFERS_ACCESS_LIST"; entries: number }
  | { code: "TRANSFERS_PRECOMPILE"; to: Address }
  | { code: "TRANSFERS_FEE_TOO_LARGE"; fee: bigint; limit: bigint }
  | { code: "TRANSFERS_GAS_LIMIT"; gasLimit: bigint; least: bigint };

/** The fields of a decoded transaction that decide. */
export type TransferFields = {
  /** EIP-2718; 0 for a legacy transaction. */
  readonly type: number;
  /** Undefined for a legacy transaction signed without a chain id (before EIP-155). */
  readonly chainId: bigint | undefined;
  /** Null creates a contract. */
  readonly to: Address | null;
  readonly dataBytes: number;
  readonly accessListEntries: number;
  /** maxFeePerGas, or the gas price. */
  readonly maxFeePerGas: bigint;
  readonly gasLimit: bigint;
};

/**
 * The reason why no proof of this transaction can be made, or undefined. Signature, chain id, nonce, balance and the base
 * fee are the chain's rules, not this program's, and are not looked at.
 */
export function refusalOf(tx: TransferFields): TransfersRefusal | undefined {
  if (tx.type > 2) return { code: "TRANSFERS_TYPE", type: tx.type };
  if (tx.chainId === undefined) return { code: "TRANSFERS_UNPROTECTED" };
  if (tx.to === null) return { code: "TRANSFERS_NO_CREATION" };
  if (tx.dataBytes > 0) return { code: "TRANSFERS_NO_DATA", bytes: tx.dataBytes };
  if (tx.accessListEntries > 0) return { code: "TRANSFERS_ACCESS_LIST", entries: tx.accessListEntries };
  const to = addressToField(tx.to);
  if (to >= 1n && to <= LAST_PRECOMPILE) return { code: "TRANSFERS_PRECOMPILE", to: tx.to };
  if (tx.maxFeePerGas >= TRANSFER_FEE_LIMIT)
    return { code: "TRANSFERS_FEE_TOO_LARGE", fee: tx.maxFeePerGas, limit: TRANSFER_FEE_LIMIT };
  if (tx.gasLimit < TRANSFER_GAS || tx.gasLimit >= TRANSFER_NUMBER_LIMIT)
    return { code: "TRANSFERS_GAS_LIMIT", gasLimit: tx.gasLimit, least: TRANSFER_GAS };
  return undefined;
}

/** Throws the `TransfersRefusal` of `refusalOf`. */
export function assertTransfer(tx: TransferFields): void {
  const refusal = refusalOf(tx);
  if (refusal !== undefined) throw new StackError(refusal, "fatal");
}
