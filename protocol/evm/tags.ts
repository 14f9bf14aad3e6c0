/**
 * Numbers beyond the opcodes. A row of the machine executes an opcode (0 to 255), or one of the machine's own
 * instructions (256 to 299): those of the system code, and the further rows of opcodes with more than two operands.
 * From 300 on: facts that rows never ask for.
 */
export const Tag = {
  // Instructions of the system code.
  BEGIN: 256,
  END: 257,
  HALT: 258,
  PRECOMPILE: 259,
  FAIL: 260,
  /** Takes the place of an opcode that halts exceptionally. */
  EXCEPTION: 261,
  /** Second and third row of every end of a frame: back to the caller's code, then the result on its stack. */
  LEAVE: 262,
  RESULT: 263,
  // Further rows of CALL and CALLCODE (gas, address): value and input offset; input and output length offset; output length.
  CALL_VALUE: 264,
  CALL_INPUT: 265,
  CALL_OUTPUT: 266,
  // Of DELEGATECALL and STATICCALL (gas, address): input offset and length; output offset and length.
  VIEW_INPUT: 267,
  VIEW_OUTPUT: 268,
  // Of CREATE and CREATE2 (value, offset): length; length and salt.
  CREATE_LENGTH: 269,
  CREATE2_LENGTH: 270,
  /** Of CALLDATACOPY, CODECOPY, RETURNDATACOPY and MCOPY (destination, source): length. */
  COPY_LENGTH: 271,
  /** Of EXTCODECOPY (address, destination): source and length. */
  EXTCODECOPY_SOURCE: 272,
  // Of LOGn (offset, length): topics.
  LOG1_TOPIC: 273,
  LOG2_TOPICS: 274,
  LOG3_TOPICS: 275,
  LOG3_TOPIC: 276,
  LOG4_TOPICS: 277,
  LOG4_LAST_TOPICS: 278,
  /** Of ADDMOD and MULMOD (two operands): the modulus. */
  MODULUS: 279,
  /** Takes the place of five opcodes that push a mask (protocol/evm/pushedMask.ts). */
  PUSH_MASK: 280,

  // Facts about words only.
  /** z = the 32 bytes from byte `sp` of a || b; sp 0 to 31. */
  JOIN: 300,
  /** z = the first `sp` bytes of a, then the last 32 - sp of b; sp 0 to 32. */
  MERGE: 301,
  /** z = the 32 bytes of code at position `pc`, zeros past the end of its segment. */
  CODE_WORD: 302,
  /** z = a^b, by the power of half of b. */
  POWER: 303,
  /** A frame halts exceptionally at `pc` with this `f`, `sp` and `gas` (circuits/programs/evm/frames/causes.ts). */
  CAUSE: 304,
} as const;

export type Tag = (typeof Tag)[keyof typeof Tag];

/** Rows execute numbers below this. */
export const INSTRUCTIONS = 281;

/** Positions of the system code at the start of the table of all code. INVALID is no instruction: who gets there halts. */
export const SystemCode = { BEGIN: 0, END: 1, HALT: 2, STOP: 3, PRECOMPILE: 4, FAIL: 5, INVALID: 6 } as const;

/** The symbols of the system code, by position. */
export const SYSTEM_CODE: readonly number[] = [
  Tag.BEGIN,
  Tag.END,
  Tag.HALT,
  0x00,
  Tag.PRECOMPILE,
  Tag.FAIL,
  0xfe,
];

/** Marks a byte that is the operand of a PUSH in the table of all code: no instruction has such a number. */
export const PUSH_DATA = 512;
