/** Opcodes of memory that no gas pays for, or that copy return data that is not there: their rows and operands. */
import { OPCODE } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";

/** Where the length is: a constant, or an operand of the first or second row. */
export type LengthPlace = number | "b" | "a2" | "b2";

export interface MisfitKind {
  readonly name: string;
  readonly op: number;
  readonly length: LengthPlace;
  /** Where the range starts; MCOPY's other one starts at the first row's `b`. */
  readonly offset: "a" | "b";
  /** Always paid with the first row. */
  readonly fixed: number;
  /** Paid at least, by words and bytes of the length, and at once. */
  readonly perWord: number;
  readonly perByte: number;
  readonly once: number;
  /** Tags of the rows after the first. */
  readonly later: readonly number[];
}

const kind = (
  name: string,
  fixed: number,
  length: LengthPlace,
  rest: Partial<MisfitKind> = {},
): MisfitKind => ({
  name,
  op: OPCODE[name]!,
  length,
  offset: "a",
  fixed,
  perWord: 0,
  perByte: 0,
  once: 0,
  later: [],
  ...rest,
});

const COPY = { perWord: 3, later: [Tag.COPY_LENGTH] } as const;
const LOG_TAGS = [[], [Tag.LOG1_TOPIC], [Tag.LOG2_TOPICS], [Tag.LOG3_TOPICS, Tag.LOG3_TOPIC], [Tag.LOG4_TOPICS, Tag.LOG4_LAST_TOPICS]]; // prettier-ignore

export const MISFITS: readonly MisfitKind[] = [
  kind("MLOAD", 3, 32),
  kind("MSTORE", 3, 32),
  kind("MSTORE8", 3, 1),
  kind("KECCAK256", 30, "b", { perWord: 6 }),
  ...LOG_TAGS.map((later, n) => kind(`LOG${n}`, 375 * (n + 1), "b", { perByte: 8, later })),
  kind("CALLDATACOPY", 3, "a2", COPY),
  kind("CODECOPY", 3, "a2", COPY),
  kind("RETURNDATACOPY", 3, "a2", COPY),
  kind("MCOPY", 3, "a2", COPY),
  kind("EXTCODECOPY", 0, "b2", { offset: "b", perWord: 3, once: 100, later: [Tag.EXTCODECOPY_SOURCE] }),
];
