/** The demo's token on an L3, from development accounts. */
import {
  AbiCoder,
  concat,
  getCreateAddress,
  Interface,
  JsonRpcProvider,
  type TransactionRequest,
} from "ethers";
import { demoCoinAbi } from "../../generated/abis/DemoCoin.ts";
import { demoCoinBytecode } from "../../generated/bytecode/DemoCoin.ts";
import { devAccount } from "../network/devAccounts.ts";
import type { ChainEntry } from "../network/networkFile.ts";
import { callRpc } from "../view/http.ts";

const abi = new Interface(demoCoinAbi);

/** Above what each takes: 648,000 and 52,000. */
const CREATION_GAS = 1_500_000n;
const TRANSFER_GAS = 100_000n;

export interface Deployed {
  readonly address: string;
  /** Of the transaction that creates it. */
  readonly hash: string;
}

/** Creates a token whose coins are all development account `from`'s. Returns once the node has accepted it. */
export async function deployCoin(chain: ChainEntry, from: number, supply: bigint): Promise<Deployed> {
  const argument = AbiCoder.defaultAbiCoder().encode(["uint256"], [supply]);
  const { hash, creates } = await sendFrom(chain, from, {
    data: concat([demoCoinBytecode, argument]),
    gasLimit: CREATION_GAS,
  });
  return { address: creates, hash };
}

/** Returns the transaction's hash once the node has accepted it. */
export async function transferCoin(
  chain: ChainEntry,
  coin: string,
  transfer: { readonly from: number; readonly to: string; readonly amount: bigint },
): Promise<string> {
  const data = abi.encodeFunctionData("transfer", [transfer.to, transfer.amount]);
  return (await sendFrom(chain, transfer.from, { to: coin, data, gasLimit: TRANSFER_GAS })).hash;
}

/** At a block's tag or number. Undefined: there is no such token yet. */
export async function coinsOf(
  chain: ChainEntry,
  coin: string,
  address: string,
  block = "latest",
): Promise<bigint | undefined> {
  const call = { to: coin, data: abi.encodeFunctionData("balanceOf", [address]) };
  const answer = await callRpc<string>(chain.rpc, "eth_call", [call, block]);
  return answer === "0x" ? undefined : BigInt(answer);
}

async function sendFrom(
  chain: ChainEntry,
  from: number,
  request: TransactionRequest,
): Promise<{ hash: string; creates: string }> {
  const provider = new JsonRpcProvider(chain.rpc, chain.chainId, { staticNetwork: true });
  try {
    const wallet = devAccount(from).connect(provider);
    const nonce = await wallet.getNonce("pending");
    const { hash } = await wallet.sendTransaction({ ...request, nonce });
    return { hash, creates: getCreateAddress({ from: wallet.address, nonce }) };
  } finally {
    provider.destroy();
  }
}
