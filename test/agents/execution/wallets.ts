import { Wallet, type TransactionRequest } from "ethers";
import { fromHex, type Hex } from "../../../agents/kit/hex.ts";

export const CHAIN_ID = 31_415n;

/** Throw-away accounts: key n is 32 bytes of value n + 1. */
export const wallets = Array.from(
  { length: 6 },
  (_, n) => new Wallet(`0x${(n + 1).toString(16).padStart(64, "0")}`),
);

export const addressOf = (wallet: Wallet): Hex => wallet.address.toLowerCase() as Hex;

export async function signed(wallet: Wallet, request: TransactionRequest): Promise<Uint8Array> {
  const gas = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 21_000n };
  const fees =
    request.type === 2 || request.type === undefined ? gas : { gasPrice: 10n ** 10n, gasLimit: 21_000n };
  const full = { type: 2, chainId: CHAIN_ID, ...fees, ...request };
  return fromHex((await wallet.signTransaction(full)) as Hex);
}
