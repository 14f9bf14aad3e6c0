import { readFileSync } from "node:fs";
import { Interface } from "ethers";
import solc from "solc";

/** Creation code and ABI of a contract of a Solidity file beside the tests. */
export function compile(file: string, contract: string): { bytecode: `0x${string}`; abi: Interface } {
  const content = readFileSync(new URL(file, import.meta.url), "utf8");
  const input = {
    language: "Solidity",
    sources: { [file]: { content } },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const compiled = output.contracts?.[file]?.[contract];
  if (!compiled) throw new Error(JSON.stringify(output.errors));
  return { bytecode: `0x${compiled.evm.bytecode.object}`, abi: new Interface(compiled.abi) };
}
