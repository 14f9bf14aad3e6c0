/**
 * The transactions that no circuit of the program `evm` holds, whatever they do: fields of the rows that carry them are bounded.
 * What else does not fit depends on what a transaction does, and is measured (docs/spec/evm.md).
 */
import { StackError } from "../errors.ts";

/** Gas limits are below this: a frame's gas is told from what is below its floor by less than 2^31. */
export const EVM_GAS_LIMIT = 1n << 29n;

/** Fees per gas are below this: 16 bytes. More than all ether there is, for one unit of gas. */
export const EVM_FEE_LIMIT = 1n << 128n;

/** Nonces are below this (EIP-2681). */
export const EVM_NONCE_LIMIT = (1n << 64n) - 1n;

/** Bytes of data are fewer than this: lengths of calldata have 24 bits. */
export const EVM_DATA_LIMIT = 2 ** 24;

export type EvmRefusal =
  | { code: "EVM_GAS_LIMIT"; gasLimit: bigint; limit: bigint }
  | { code: "EVM_FEE_TOO_LARGE"; fee: bigint; limit: bigint }
  | { code: "EVM_NONCE_TOO_LARGE"; nonce: bigint; limit: bigint }
  | { code: "EVM_DATA_TOO_LONG"; bytes: number; limit: number };

/** The fields of a decoded transaction that decide. */
export interface EvmTransactionFields {
  readonly gasLimit: bigint;
  /** maxFeePerGas, or the gas price. */
  readonly maxFeePerGas: bigint;
  readonly nonce: bigint;
  readonly dataBytes: number;
}

/** Throws an `EvmRefusal`. */
export function assertEvmTransaction({
  gasLimit,
  maxFeePerGas,
  nonce,
  dataBytes,
}: EvmTransactionFields): void {
  const refuse = (type: EvmRefusal): never => {
    throw new StackError(type, "fatal");
  };
  if (gasLimit >= EVM_GAS_LIMIT) refuse({ code: "EVM_GAS_LIMIT", gasLimit, limit: EVM_GAS_LIMIT });
  if (maxFeePerGas >= EVM_FEE_LIMIT)
    refuse({ code: "EVM_FEE_TOO_LARGE", fee: maxFeePerGas, limit: EVM_FEE_LIMIT });
  if (nonce >= EVM_NONCE_LIMIT) refuse({ code: "EVM_NONCE_TOO_LARGE", nonce, limit: EVM_NONCE_LIMIT });
  if (dataBytes >= EVM_DATA_LIMIT)
    refuse({ code: "EVM_DATA_TOO_LONG", bytes: dataBytes, limit: EVM_DATA_LIMIT });
}
