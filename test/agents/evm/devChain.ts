import { Interface } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createEvmRpc, type EvmRpc } from "../../../agents/kit/evm/rpc.ts";

/** Hardhat's first development account. */
export const DEV_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const DEV_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const DEV_CHAIN_ID = 31337n;

export interface DevChain {
  url: string;
  rpc: EvmRpc;
  mine(blocks?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Hardhat's chain behind HTTP in this process. It mines only when told to. */
export async function startDevChain(): Promise<DevChain> {
  const hre = await createHardhatRuntimeEnvironment({});
  const server = await hre.network.createServer("default", "127.0.0.1", 0);
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const rpc = createEvmRpc({ url });
  await rpc.call("evm_setAutomine", [false]);
  return {
    url,
    rpc,
    async mine(blocks = 1) {
      for (let i = 0; i < blocks; i++) await rpc.call("evm_mine");
    },
    stop: () => server.close(),
  };
}

export interface Compiled {
  abi: Interface;
  bytecode: string;
}

export function compileCounter(): Compiled {
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: {
          "Counter.sol": { content: readFileSync(new URL("Counter.sol", import.meta.url), "utf8") },
        },
        settings: { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
      }),
    ),
  );
  const { abi, evm } = output.contracts["Counter.sol"].Counter;
  return { abi: new Interface(abi), bytecode: `0x${evm.bytecode.object}` };
}

/** Deploys from the node's own account 1, so that account 0's nonces are the sender's alone. Mines one block. */
export async function deploy(chain: DevChain, bytecode: string): Promise<string> {
  const accounts = await chain.rpc.call<string[]>("eth_accounts");
  const hash = await chain.rpc.call<string>("eth_sendTransaction", [
    { from: accounts[1], data: bytecode, gas: "0xffffff" },
  ]);
  await chain.mine();
  const receipt = await chain.rpc.call<{ contractAddress: string; status: string }>(
    "eth_getTransactionReceipt",
    [hash],
  );
  if (receipt.status !== "0x1") throw new Error("deployment failed");
  return receipt.contractAddress;
}
