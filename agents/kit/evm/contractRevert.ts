import { Interface } from "ethers";
import { StackError } from "../../../protocol/errors.ts";
import type { EvmError } from "./errors.ts";

/** `Error(string)` and `Panic(uint256)`: what Solidity itself reverts with. */
const BUILT_IN = new Interface(["error Error(string reason)", "error Panic(uint256 kind)"]);

/**
 * The one place where reverts become names. If `error` is a node's answer that a call reverted, returns CONTRACT_REVERT with
 * the custom error found in `abis`; any other error is returned as it is. Severity `reset`: what the caller believed of the
 * contract is not true.
 */
export function namedRevert(error: unknown, to: string, abis: readonly Interface[]): unknown {
  if (!(error instanceof StackError) || error.type.code !== "EVM_RPC_ERROR") return error;
  const { message, data } = error.type as Extract<EvmError, { code: "EVM_RPC_ERROR" }>;
  const returned = returnData(data);
  if (returned === undefined && !/revert/i.test(message)) return error;
  const found = decode(returned ?? "0x", abis);
  return new StackError<EvmError>({ code: "CONTRACT_REVERT", ...found, to }, "reset", { cause: error });
}

function decode(data: string, abis: readonly Interface[]): { error: string; args: readonly unknown[] } {
  for (const abi of [BUILT_IN, ...abis]) {
    const parsed = data.length >= 10 ? abi.parseError(data) : null;
    if (parsed) return { error: parsed.name, args: parsed.args.toArray() };
  }
  return { error: "Unknown", args: [data] };
}

/** Nodes differ: geth puts the hex string in `data`, others wrap it once or twice. */
function returnData(data: unknown): string | undefined {
  if (typeof data === "string") return /^0x[0-9a-fA-F]*$/.test(data) ? data : undefined;
  if (data !== null && typeof data === "object" && "data" in data) return returnData(data.data);
  return undefined;
}
