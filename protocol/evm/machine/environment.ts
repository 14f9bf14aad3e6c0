import type { BlockData } from "../../block.ts";

/** The block as code sees it. */
export type Environment = {
  readonly chainId: bigint;
  readonly number: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  readonly feeRecipient: bigint;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  readonly prevRandao: bigint;
};

export type BlockFields = Omit<BlockData, "transactions">;

export const environmentOf = (chainId: bigint, block: BlockFields): Environment => ({
  chainId,
  number: block.number,
  timestamp: block.timestamp,
  feeRecipient: BigInt(block.feeRecipient),
  gasLimit: block.gasLimit,
  baseFeePerGas: block.baseFeePerGas,
  prevRandao: PREV_RANDAO,
});

/** What PREVRANDAO answers: a sequencer's randomness would be the sequencer's choice. */
export const PREV_RANDAO = 0n;

/** What BLOBHASH and BLOBBASEFEE answer where no blob ever was (EIP-4844, EIP-7516). */
export const BLOB_HASH = 0n;
export const BLOB_BASE_FEE = 1n;

/** Blocks that BLOCKHASH knows, the last ones. */
export const BLOCK_HASH_WINDOW = 256n;
