import { StackError } from "../../../protocol/errors.ts";
import { toHex } from "../../kit/hex.ts";
import type { CallOutcome } from "../chain/nodeChain.ts";

/** JSON-RPC 2.0 and EIP-1474 error codes. */
export const RPC_CODE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  notFound: -32001,
  limitExceeded: -32005,
  reverted: 3,
} as const;

/** What a JSON-RPC error object carries. Its words are matched by public clients: they follow geth's. */
export class RpcError extends StackError<{ code: "RPC_ERROR"; rpcCode: number; text: string }> {
  readonly rpcCode: number;
  readonly text: string;
  readonly data: unknown;

  constructor(rpcCode: number, text: string, data?: unknown) {
    super({ code: "RPC_ERROR", rpcCode, text }, "fatal");
    this.rpcCode = rpcCode;
    this.text = text;
    this.data = data;
  }
}

export const invalidParams = (text: string): RpcError => new RpcError(RPC_CODE.invalidParams, text);

/** ethers and viem look for exactly these words. */
export const methodNotFound = (method: string): RpcError =>
  new RpcError(RPC_CODE.methodNotFound, `the method ${method} does not exist/is not available`);

/** Of a call or an estimate that failed inside the EVM: code 3 with the revert data, or geth's name of the halt. */
export function executionError(outcome: Exclude<CallOutcome, { kind: "returned" }>): RpcError {
  if (outcome.kind === "halted") return new RpcError(RPC_CODE.server, outcome.reason);
  const reason = revertReason(outcome.data);
  return new RpcError(
    RPC_CODE.reverted,
    reason === undefined ? "execution reverted" : `execution reverted: ${reason}`,
    toHex(outcome.data),
  );
}

const ERROR_STRING = "08c379a0";
const PANIC = "4e487b71";

/** The text of `Error(string)`, or the code of `Panic(uint256)`; undefined for custom errors and empty data. */
function revertReason(data: Uint8Array): string | undefined {
  const bytes = Buffer.from(data);
  const selector = bytes.subarray(0, 4).toString("hex");
  if (selector === PANIC && bytes.length === 36)
    return `panic code 0x${BigInt(`0x${bytes.subarray(4).toString("hex")}`).toString(16)}`;
  if (selector !== ERROR_STRING || bytes.length < 68) return undefined;
  const length = Number(BigInt(`0x${bytes.subarray(36, 68).toString("hex")}`));
  return 68 + length <= bytes.length ? bytes.subarray(68, 68 + length).toString("utf8") : undefined;
}
