import { readFileSync } from "node:fs";
import { Interface } from "ethers";
import solc from "solc";

export type Compiled = { readonly bytecode: string; readonly abi: Interface };

type Solc = {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
};

const FILES = ["Tokens.sol", "Council.sol", "Pair.sol", "Corners.sol"];

/** All fixtures, compiled once a process, by name of the contract. */
export const fixtures: ReadonlyMap<string, Compiled> = compileAll();

export function fixture(name: string): Compiled {
  const compiled = fixtures.get(name);
  if (!compiled) throw new Error(`no fixture ${name}`);
  return compiled;
}

function compileAll(): Map<string, Compiled> {
  const read = (path: string, base: string): string => readFileSync(new URL(path, base), "utf8");
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      FILES.map((file) => [file, { content: read(`fixtures/${file}`, import.meta.url) }]),
    ),
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const library = new URL("../../../../node_modules/", import.meta.url).href;
  const output = JSON.parse(
    (solc as unknown as Solc).compile(JSON.stringify(input), {
      import: (path) => ({ contents: read(path, library) }),
    }),
  );
  const contracts = FILES.flatMap((file) => Object.entries(output.contracts?.[file] ?? {}));
  if (contracts.length === 0) throw new Error(JSON.stringify(output.errors));
  return new Map(
    (contracts as [string, { abi: never; evm: { bytecode: { object: string } } }][]).map(
      ([name, { abi, evm }]) => [name, { bytecode: `0x${evm.bytecode.object}`, abi: new Interface(abi) }],
    ),
  );
}
