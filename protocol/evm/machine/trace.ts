/**
 * What executing a block leaves behind: enough to rebuild every access to stack, memory, storage and accounts in the
 * order in which they happened, without knowing how an opcode works. Values only; no part of it points into the machine.
 *
 * Units: gas and wei are bigints; addresses, words and code hashes are unsigned integers (160 and 256 bits); offsets,
 * lengths and indices are numbers. Indices of steps and frames count from the start of the block.
 */
import type { BlockData } from "../../block.ts";
import type { AccountState } from "../../state/account.ts";

/** A normal end: the frame's effects stay. */
export type Success = "STOP" | "RETURN" | "SELFDESTRUCT";

/** All gas of the frame is lost, its effects are undone, it has no output. */
export type ExceptionalHalt =
  | "OUT_OF_GAS"
  | "STACK_UNDERFLOW"
  | "STACK_OVERFLOW"
  | "INVALID_JUMP"
  /** Undefined opcodes and 0xfe. */
  | "INVALID_OPCODE"
  /** A write in a static context (EIP-214). */
  | "STATIC_VIOLATION"
  /** RETURNDATACOPY beyond the end (EIP-211). */
  | "RETURN_DATA_OUT_OF_BOUNDS"
  /** CREATE with too much init code (EIP-3860): the creator halts. */
  | "INIT_CODE_TOO_LARGE";

/** How a step ends its frame. */
export type HaltReason = Success | "REVERT" | ExceptionalHalt;

/** A frame that never ran. Its gas comes back, except after `CREATE_COLLISION`, which takes all of it (EIP-684). */
export type RefusedFrame = "CALL_DEPTH" | "INSUFFICIENT_BALANCE" | "NONCE_OVERFLOW" | "CREATE_COLLISION";

/** A creation whose init code ended normally, but whose output cannot become code: treated as an exceptional halt. */
export type FailedDeposit = "CODE_TOO_LARGE" | "CODE_STARTS_WITH_EF" | "CODE_DEPOSIT_OUT_OF_GAS";

/**
 * How a frame ended. A frame whose account has no code, and a precompile that succeeds, end with "STOP" and "RETURN";
 * "PRECOMPILE_FAILED" (too little gas, or refused input) takes all gas.
 */
export type FrameEnd = HaltReason | RefusedFrame | FailedDeposit | "PRECOMPILE_FAILED";

export type FrameKind =
  | "TRANSACTION_CALL"
  | "TRANSACTION_CREATE"
  | "CALL"
  | "CALLCODE"
  | "DELEGATECALL"
  | "STATICCALL"
  | "CREATE"
  | "CREATE2";

/** One executed opcode. A frame that runs off the end of its code executes a STOP there. */
export type Step = {
  /** Index in `frames`. */
  readonly frame: number;
  readonly pc: number;
  readonly opcode: number;
  /** Of the frame; 0 for a transaction's own. */
  readonly depth: number;
  /** Before the step. */
  readonly gas: bigint;
  /** After it, before a callee runs: what a callee was given is off, what it leaves is not yet back. After an exceptional halt 0. */
  readonly gasAfter: bigint;
  /** Words on the stack before the step. */
  readonly stackSize: number;
  /** Words of memory before and after (the output of a callee is written to memory that the call has already opened). */
  readonly memoryWords: number;
  readonly memoryWordsAfter: number;
  /**
   * The words popped, top first. DUPn: the one word copied, from depth n. SWAPn: the top and the word it changes places
   * with. Empty when the step halts for its stack or its opcode.
   */
  readonly operands: readonly bigint[];
  /**
   * The words pushed, top first. DUPn: the copy. SWAPn: the new top, then the word now below. Of calls and creations
   * filled when the callee has ended. Empty when the step halts exceptionally.
   */
  readonly results: readonly bigint[];
  /** The step ends its frame. A RETURN of init code is a RETURN here, whatever becomes of the code. */
  readonly halt: HaltReason | undefined;
  /** Of opcodes that pay by EIP-2929 and got so far: the account or slot was not yet accessed in this transaction. */
  readonly cold: boolean | undefined;
  /** CALL with value and SELFDESTRUCT with balance: 25,000 gas were paid because the account receiving it was dead. */
  readonly newAccount: boolean | undefined;
  /** SSTORE that was carried out. */
  readonly storage: StorageWrite | undefined;
  /** SELFDESTRUCT that was carried out. */
  readonly destruction: Destruction | undefined;
  /** Calls and creations that were carried out: index of the frame they opened. */
  readonly child: number | undefined;
};

/** Values of the slot (EIP-2200) before the write and at the start of the transaction, and what it adds to the refund counter. */
export type StorageWrite = {
  readonly current: bigint;
  readonly original: bigint;
  readonly refund: bigint;
};

export type Destruction = {
  /** Wei that left the account; when it names itself, what it held. */
  readonly balance: bigint;
  /** Created in this transaction, so that it is gone at its end (EIP-6780). */
  readonly isDeleted: boolean;
};

/** A message call or a creation, also one that ran no code: to an account without any, to a precompile, or refused. */
export type FrameTrace = {
  readonly index: number;
  /** Index of the calling frame and of its step; -1 for a transaction's own frame. */
  readonly parent: number;
  readonly parentStep: number;
  readonly kind: FrameKind;
  readonly depth: number;
  readonly caller: bigint;
  /** The account whose storage and balance the code works on; of a creation the new one. */
  readonly address: bigint;
  /** Where the code comes from; of a creation the new account. */
  readonly codeAddress: bigint;
  /** Of a creation the init code. */
  readonly code: Uint8Array;
  readonly codeHash: bigint;
  /** What CALLVALUE answers, wei. */
  readonly value: bigint;
  /** Wei that move from `caller` to `address` when the frame starts. 0 for DELEGATECALL, CALLCODE and STATICCALL. */
  readonly transferred: bigint;
  /** With the stipend. */
  readonly gasGiven: bigint;
  readonly isStatic: boolean;
  /** Call data; of a creation none. */
  readonly input: Uint8Array;
  /** Of the call data, or the init code, in the parent's memory. */
  readonly inputOffset: number;
  readonly inputLength: number;
  /** Where the parent wants the output; length 0 for creations. */
  readonly outputOffset: number;
  readonly outputLength: number;
  /** Address of the precompile, when it is one. */
  readonly precompile: number | undefined;
  readonly outcome: FrameOutcome;
  /** Of this frame's own steps; -1 when it ran none. Steps of callees lie between. */
  readonly firstStep: number;
  readonly lastStep: number;
};

export type FrameOutcome = {
  readonly reason: FrameEnd;
  readonly success: boolean;
  /** What goes back to the parent. After a creation what the code deposit left. */
  readonly gasLeft: bigint;
  /** RETURN, REVERT or a precompile's result; of a successful creation the new code (the parent's return data is empty then). */
  readonly output: Uint8Array;
  /** Of the output in the frame's own memory. */
  readonly outputOffset: number;
};

export type AccessListEntry = { readonly address: bigint; readonly slots: readonly bigint[] };

/** A transaction's fields. Types 0 (legacy, EIP-155), 1 (EIP-2930), 2 (EIP-1559). */
export type Transaction = {
  readonly type: 0 | 1 | 2;
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  /** Wei per gas; of types 0 and 1 both are the gas price. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** Undefined: `data` is the code that creates a contract. */
  readonly to: bigint | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListEntry[];
  readonly sender: bigint;
  readonly signature: {
    readonly yParity: 0 | 1;
    readonly r: bigint;
    readonly s: bigint;
    /** What was signed: keccak256 of the encoding without a signature. */
    readonly digest: bigint;
    readonly publicKey: { readonly x: bigint; readonly y: bigint };
  };
  /** keccak256 of `raw`. */
  readonly hash: bigint;
  /** EIP-2718. */
  readonly raw: Uint8Array;
};

export type Log = {
  readonly address: bigint;
  readonly topics: readonly bigint[];
  readonly data: Uint8Array;
};

/** A log of a transaction that stayed, and the step that wrote it (-1 when steps are not recorded). */
export type LogTrace = Log & { readonly step: number };

/** What a transaction left changed: values at its end that differ from those at its start. */
export type StateEffects = {
  /** An account that is gone is the empty account. */
  readonly accounts: ReadonlyMap<bigint, AccountState>;
  /** Address -> slot -> value. */
  readonly slots: ReadonlyMap<bigint, ReadonlyMap<bigint, bigint>>;
  /** Code hash -> code, of the accounts created. */
  readonly codes: ReadonlyMap<bigint, Uint8Array>;
};

export type TransactionTrace = {
  readonly index: number;
  readonly transaction: Transaction;
  /** Charged before execution: 21,000, data, creation, access list. */
  readonly intrinsicGas: bigint;
  /** Wei per gas the sender pays. */
  readonly effectiveGasPrice: bigint;
  /** Wei per gas the fee recipient gets. */
  readonly tip: bigint;
  /** What is warm before the first step: precompiles, sender, recipient or new account, fee recipient, access list. */
  readonly warmAccounts: readonly bigint[];
  readonly warmSlots: readonly { readonly address: bigint; readonly slot: bigint }[];
  /** Of a creation, whatever came of it. */
  readonly createdAddress: bigint | undefined;
  readonly status: 0 | 1;
  readonly gasUsed: bigint;
  /** Gas used in the block so far, this transaction included. */
  readonly cumulativeGasUsed: bigint;
  /** The refund counter at the end, and the part of it paid: at most a fifth of the gas used (EIP-3529). */
  readonly refundCounter: bigint;
  readonly refund: bigint;
  readonly logs: readonly LogTrace[];
  readonly effects: StateEffects;
  /** RETURN or REVERT data of the transaction's own frame; of a creation the code. */
  readonly output: Uint8Array;
  /** Index of the transaction's own frame, and the ends of its frames and steps: `first <= i < end`. Empty ranges without a record. */
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly firstStep: number;
  readonly endStep: number;
};

export type BlockTrace = {
  readonly chainId: bigint;
  readonly block: BlockData;
  readonly gasUsed: bigint;
  readonly transactions: readonly TransactionTrace[];
  /** In the order in which they were opened. Empty when steps are not recorded. */
  readonly frames: readonly FrameTrace[];
  /** In order of execution. */
  readonly steps: readonly Step[];
};
