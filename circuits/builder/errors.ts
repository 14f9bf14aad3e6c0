import { StackError } from "../../protocol/errors.ts";

/** What a circuit author can do wrong while building. All are faults of the circuit, never of a witness. */
export type BuilderError =
  | { code: "BOUND_UNKNOWN"; where: string; wire: number }
  | { code: "BOUND_TOO_LARGE"; where: string; wire: number; max: bigint; bits: number }
  | { code: "FIELDS_OVERLAP"; where: string; at: number; previousEnd: number }
  | { code: "KEY_TOO_WIDE"; where: string; bits: number; limit: number }
  | { code: "RAM_ACCESS_LIMIT"; where: string; accesses: number; limit: number }
  | { code: "INDEX_NOT_READ"; where: string; wire: number }
  | { code: "EMPTY_TABLE"; where: string }
  | { code: "TABLE_CLOSED"; where: string }
  | { code: "ENTRY_DEFINED"; where: string; index: number }
  | { code: "ENTRY_MISSING"; where: string; index: number }
  | { code: "MIXED_KEY_TABLE"; where: string; entry: number }
  | { code: "BAD_BITS"; where: string; bits: number; allowed: string }
  | { code: "BAD_ARITY"; where: string; expected: number; got: number }
  | { code: "VALUE_OUTSIDE_WITNESS"; where: string; wire: number }
  | { code: "UNKNOWN_NAME"; name: string }
  | { code: "AMBIGUOUS_NAME"; name: string; count: number }
  | { code: "BUILDER_FINISHED"; where: string };

/** A fault of the circuit itself: no input can make it go away, hence fatal. */
export function builderError(type: BuilderError): StackError<BuilderError> {
  return new StackError(type, "fatal");
}
