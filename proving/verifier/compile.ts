import { createRequire } from "node:module";
import { MAX_CODE_BYTES } from "../../protocol/constants.ts";
import { ProvingError } from "../errors.ts";

export type CompiledContract = {
  readonly abi: readonly unknown[];
  /** 0x-prefixed. */
  readonly bytecode: string;
  readonly deployedBytecode: string;
};

type Solc = { compile(input: string): string };
type SolcOutput = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, SolcContract>>;
};
type SolcContract = {
  abi: unknown[];
  evm: { bytecode: { object: string }; deployedBytecode: { object: string } };
};

const SETTINGS = {
  evmVersion: "cancun",
  // The verifier is assembly: more runs buy nothing.
  optimizer: { enabled: true, runs: 200 },
  metadata: { bytecodeHash: "none" },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

/** Compiles one contract of one source with the solc of the npm package. Throws VERIFIER_COMPILE_FAILED, VERIFIER_TOO_LARGE. */
export function compileContract(source: string, name: string): CompiledContract {
  const solc = createRequire(import.meta.url)("solc") as Solc;
  const file = `${name}.sol`;
  const input = { language: "Solidity", sources: { [file]: { content: source } }, settings: SETTINGS };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  const contract = output.contracts?.[file]?.[name];
  if (errors.length > 0 || contract === undefined)
    throw new ProvingError({
      code: "VERIFIER_COMPILE_FAILED",
      name,
      errors: errors.map(({ formattedMessage }) => formattedMessage).join("\n"),
    });
  const { bytecode, deployedBytecode } = contract.evm;
  const bytes = deployedBytecode.object.length / 2;
  if (bytes > MAX_CODE_BYTES)
    throw new ProvingError({ code: "VERIFIER_TOO_LARGE", name, bytes, maxBytes: MAX_CODE_BYTES });
  return {
    abi: contract.abi,
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
  };
}
