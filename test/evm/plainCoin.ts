/** OpenZeppelin's ERC-20 and nothing else, compiled. */
import { readFileSync } from "node:fs";
import { Interface } from "ethers";
import solc from "solc";

type Solc = {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
};

function compile(): { readonly bytecode: string; readonly abi: Interface } {
  const input = {
    language: "Solidity",
    sources: {
      "Coin.sol": { content: readFileSync(new URL("contracts/Coin.sol", import.meta.url), "utf8") },
    },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const library = new URL("../../node_modules/", import.meta.url);
  const read = (path: string) => ({ contents: readFileSync(new URL(path, library), "utf8") });
  const output = JSON.parse((solc as unknown as Solc).compile(JSON.stringify(input), { import: read }));
  const { abi, evm } = output.contracts["Coin.sol"].PlainCoin;
  return { bytecode: `0x${evm.bytecode.object}`, abi: new Interface(abi) };
}

export const PLAIN_COIN = compile();
