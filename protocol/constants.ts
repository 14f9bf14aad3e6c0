/**
 * Constants of the protocol. Changing one makes another chain: operators' settings live in the agents' configurations,
 * a chain's own parameters in its genesis.
 */

/** Levels between a leaf and the root. 2^32 leaves: an account or slot each, more than a chain of 1 s blocks fills in years. */
export const TREE_DEPTH = 32;

/** Leaves of a full tree. */
export const MAX_LEAVES = 2 ** TREE_DEPTH;

/** Gas target = gas limit / elasticity (EIP-1559). */
export const ELASTICITY_MULTIPLIER = 2n;

/** The base fee moves by at most 1/8 a block (EIP-1559). */
export const BASE_FEE_CHANGE_DENOMINATOR = 8n;

/** Wei per gas. EIP-1559's own floor: below 8 wei its downward step rounds to zero. */
export const MIN_BASE_FEE = 7n;

/** Wei per gas of the genesis block: 1 gwei (EIP-1559, INITIAL_BASE_FEE). */
export const GENESIS_BASE_FEE = 1_000_000_000n;

/** Gas limits below this are refused at genesis (yellow paper: a block's gas limit is at least 5,000). */
export const MIN_GAS_LIMIT = 5_000n;
/** Of a chain whose blocks are proven: what circuits and `Rollup.sol` take (docs/spec/evm.md, Rows). */
export const MAX_PROVABLE_GAS_LIMIT = 2n ** 29n - 1n;

/** First byte of a batch. */
export const BATCH_VERSION = 1;

/** Bytes of an uncompressed batch: bounds what a reader will decompress and hold in memory. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** Bytes of one raw transaction: what the pools of public EVM clients take (geth: txMaxSize, 128 KiB). */
export const MAX_TRANSACTION_BYTES = 128 * 1024;

/** Bytes of a contract's code (EIP-170). */
export const MAX_CODE_BYTES = 24_576;

/** Bytes of a block's state witness that a reader takes: what a frame of the job queue carries, with room to spare. */
export const MAX_WITNESS_BYTES = 32 * 1024 * 1024;

/** Public inputs of a statement and of a padded epoch node: one shape, so that one gadget verifies either. */
export const STATEMENT_LENGTH = 15;

/** Version of the epoch inscription's body. */
export const INSCRIPTION_VERSION = 1;

/** Bytes of an inscription's body that a reader accepts: 4 times today's, far below a standard transaction's 400,000. */
export const MAX_INSCRIPTION_BYTES = 64 * 1024;
