import { type Hex, fromHex, isHex } from "../../kit/hex.ts";
import type { BlockId, BlockTag } from "../chain/nodeChain.ts";
import { invalidParams } from "./rpcError.ts";

// Ethereum JSON-RPC value encoding (execution-apis, "Hex value encoding"): quantities are minimal, data is whole bytes.

export const quantity = (value: bigint | number): Hex => `0x${value.toString(16)}`;

/** @throws RpcError invalid params */
export function parseQuantity(value: unknown, name: string): bigint {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value);
  throw invalidParams(`invalid argument: ${name} must be a 0x-prefixed quantity, got ${show(value)}`);
}

/** Data of exactly `bytes` bytes when given; lower case. @throws RpcError invalid params */
export function parseData(value: unknown, name: string, bytes?: number): Hex {
  if (typeof value === "string" && isHex(value, bytes)) return value.toLowerCase() as Hex;
  const wanted = bytes === undefined ? "0x-prefixed bytes" : `${bytes} bytes as 0x-prefixed hex`;
  throw invalidParams(`invalid argument: ${name} must be ${wanted}, got ${show(value)}`);
}

export const parseAddress = (value: unknown, name = "address"): Hex => parseData(value, name, 20);
export const parseHash = (value: unknown, name = "hash"): Hex => parseData(value, name, 32);
export const parseBytes = (value: unknown, name: string): Uint8Array => fromHex(parseData(value, name));

/** A storage slot: clients send 32 bytes, or a quantity. */
export function parseSlot(value: unknown): Hex {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{0,64}$/.test(value))
    return `0x${value.slice(2).toLowerCase().padStart(64, "0")}`;
  throw invalidParams(`invalid argument: storage key must be at most 32 bytes of hex, got ${show(value)}`);
}

const TAGS: readonly string[] = ["earliest", "latest", "pending", "safe", "finalized"] satisfies BlockTag[];

/** A tag, a number, or an EIP-1898 object; absent = `latest`. @throws RpcError invalid params */
export function parseBlockId(value: unknown): BlockId {
  if (value === undefined || value === null) return "latest";
  if (typeof value === "string" && TAGS.includes(value)) return value as BlockTag;
  if (typeof value === "string") return { number: parseQuantity(value, "block") };
  if (isRecord(value) && value.blockHash !== undefined)
    return { hash: parseHash(value.blockHash, "blockHash") };
  if (isRecord(value) && value.blockNumber !== undefined) return parseBlockId(value.blockNumber);
  throw invalidParams(
    `invalid argument: block must be a tag, a number or an EIP-1898 object, got ${show(value)}`,
  );
}

/**
 * The state a read is answered from. `latest` is the soft state: every transaction with a receipt, sealed or not. A client that
 * has seen a receipt must find its effects when it reads at `latest`, and receipts are given before the block is sealed.
 */
export function parseStateId(value: unknown): BlockId {
  const id = parseBlockId(value);
  return id === "latest" ? "pending" : id;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const show = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 80);
