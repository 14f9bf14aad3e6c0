import { StackError } from "../../../protocol/errors.ts";
import { isRpcError, rpcCode, type BitcoinRpc } from "./rpc.ts";

export type BlockReadErrorType =
  | { code: "BITCOIN_BLOCK_MISMATCH"; expected: string; actual: string }
  | { code: "BITCOIN_BLOCK_UNKNOWN"; hash: string };
export class BlockReadError extends StackError<BlockReadErrorType> {}

export interface BlockHeader {
  hash: string;
  height: number;
  previousBlockHash: string | undefined;
  /** Unix seconds, as mined. */
  time: number;
  /** Blocks on top and itself; -1 when it is not in the best chain. */
  confirmations: number;
}

interface RawHeader {
  hash: string;
  height: number;
  previousblockhash?: string;
  time: number;
  confirmations: number;
}

/** Height of the best chain's tip. */
export const blockCount = (rpc: BitcoinRpc): Promise<number> => rpc.call<number>("getblockcount");

/** Hash of the best chain's block at `height`, or undefined above the tip. */
export async function blockHashAt(rpc: BitcoinRpc, height: number): Promise<string | undefined> {
  try {
    return await rpc.call<string>("getblockhash", height);
  } catch (error) {
    if (isRpcError(error, -8)) return undefined; // RPC_INVALID_PARAMETER: "Block height out of range"
    throw error;
  }
}

/** The header, or undefined when the node never saw it. */
export async function blockHeader(rpc: BitcoinRpc, hash: string): Promise<BlockHeader | undefined> {
  try {
    const h = await rpc.call<RawHeader>("getblockheader", hash);
    return { ...h, previousBlockHash: h.previousblockhash };
  } catch (error) {
    if (isRpcError(error, rpcCode.notFound)) return undefined;
    throw error;
  }
}

/** The block's bytes. Throws: BITCOIN_BLOCK_UNKNOWN (reset). The caller checks what they contain. */
export async function rawBlock(rpc: BitcoinRpc, hash: string): Promise<Buffer> {
  try {
    return Buffer.from(await rpc.call<string>("getblock", hash, 0), "hex");
  } catch (error) {
    if (isRpcError(error, rpcCode.notFound))
      throw new BlockReadError({ code: "BITCOIN_BLOCK_UNKNOWN", hash }, "reset", { cause: error });
    throw error;
  }
}
