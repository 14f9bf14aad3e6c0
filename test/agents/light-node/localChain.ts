import {
  ContractFactory,
  getCreateAddress,
  type InterfaceAbi,
  type TransactionRequest,
  Wallet,
} from "ethers";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import type { Machine } from "../../../agents/kit/execution/machine.ts";
import { fromHex, type Hex } from "../../../agents/kit/hex.ts";
import { openStore, type Store } from "../../../agents/kit/lmdb.ts";
import { ZERO_ADDRESS } from "../../../protocol/address.ts";
import type { GenesisFile } from "../../../protocol/genesis.ts";

export const richWallet = new Wallet(`0x${"42".repeat(32)}`);

export const genesisFile = (chainId: number, program: "none" | "evm"): GenesisFile => ({
  name: `chain-${chainId}`,
  chainId,
  program,
  timestamp: 1_700_000_000,
  gasLimit: 30_000_000,
  feeRecipient: ZERO_ADDRESS,
  alloc: [{ address: richWallet.address, balance: (10n ** 24n).toString() }],
});

/** A chain's real state machine, filled by the test: one account's transactions, a block a second. */
export class LocalChain {
  readonly chain: Chain;
  readonly #machine: Machine;
  readonly #store: Store;
  readonly #folder: string;
  #nonce = 0;

  private constructor(chain: Chain, machine: Machine, store: Store, folder: string) {
    [this.chain, this.#machine, this.#store, this.#folder] = [chain, machine, store, folder];
  }

  static async open(file: GenesisFile): Promise<LocalChain> {
    const folder = await mkdtemp(join(tmpdir(), "bvm-chain-"));
    const store = openStore(folder);
    const chain = await Chain.open(parseGenesis(file), store);
    return new LocalChain(chain, await chain.createMachine(), store, folder);
  }

  async close(): Promise<void> {
    await this.#store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Seals a block with these transactions of `richWallet`. Throws where one reverts. */
  async block(...requests: TransactionRequest[]): Promise<bigint> {
    const parent = this.chain.headAsParent();
    const execution = this.chain.begin(this.#machine, parent, {
      timestamp: parent.timestamp + 1n,
      feeRecipient: "0x00000000000000000000000000000000000000fe",
    });
    for (const request of requests) {
      const raw = await richWallet.signTransaction({
        type: 2,
        chainId: this.chain.genesis.chainId,
        nonce: this.#nonce++,
        gasLimit: request.to && !request.data ? 21_000 : 12_000_000,
        maxFeePerGas: 10n ** 10n,
        maxPriorityFeePerGas: 1n,
        value: 0,
        ...request,
      });
      const receipt = await execution.execute(decodeTransaction(fromHex(raw as Hex), this.chain.common));
      if (receipt.status !== 1) throw new Error(`transaction ${receipt.transactionHash} reverted`);
    }
    return (await this.chain.seal(execution)).number;
  }

  /** Deploys in a block of its own; returns the address. */
  async deploy(abi: InterfaceAbi, bytecode: string, ...args: unknown[]): Promise<Hex> {
    const address = getCreateAddress({ from: richWallet.address, nonce: this.#nonce });
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...args);
    await this.block({ data });
    return address.toLowerCase() as Hex;
  }

  /** Canonical bytes of sealed blocks. */
  blocks(first: bigint, last: bigint): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let number = first; number <= last; number++) found.push(this.chain.getBlockData(number)!);
    return found;
  }
}
