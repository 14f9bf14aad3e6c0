/**
 * Which circuit proved an inner proof: nothing but its key's hash says so. The hashes of inner programs are constants of
 * the outer circuit, so an outer key commits to every program below it.
 */
import { StackError } from "../../protocol/errors.ts";
import { type Field, assertField } from "../../protocol/field.ts";

/** Key hashes of the programs that prove statements without inner proofs (the profiles of `evm`), by name. */
export type ChunkKeys = Readonly<Record<string, Field>>;

export interface BatchKeys {
  readonly chunks: ChunkKeys;
  readonly batchMerge: Field;
}

export interface EpochKeys extends BatchKeys {
  readonly epochMerge: Field;
  readonly epochEmpty: Field;
}

export type ProgramKeysError =
  | { code: "PROGRAM_KEYS_EMPTY" }
  | { code: "PROGRAM_KEY_ZERO"; program: string }
  | { code: "PROGRAM_KEYS_EQUAL"; first: string; second: string }
  | { code: "PROGRAM_NAME_TAKEN"; program: string };

/**
 * Two programs with one key hash could be read as each other; a zero hash would be met by an unset `selfKeyHash`; a chunk
 * program with the name of another program would be taken for it.
 * Throws PROGRAM_KEYS_EMPTY, PROGRAM_KEY_ZERO, PROGRAM_KEYS_EQUAL, PROGRAM_NAME_TAKEN, FIELD_OUT_OF_RANGE.
 */
export function assertDistinctKeys(chunks: ChunkKeys, others: Readonly<Record<string, Field>> = {}): void {
  if (Object.keys(chunks).length === 0) throw new StackError({ code: "PROGRAM_KEYS_EMPTY" }, "fatal");
  for (const program of Object.keys(chunks))
    if (RESERVED.has(program)) throw new StackError({ code: "PROGRAM_NAME_TAKEN", program }, "fatal");
  const programs = new Map<Field, string>();
  for (const [program, key] of [...Object.entries(chunks), ...Object.entries(others)]) {
    if (assertField(key) === 0n) throw new StackError({ code: "PROGRAM_KEY_ZERO", program }, "fatal");
    const first = programs.get(key);
    if (first !== undefined)
      throw new StackError({ code: "PROGRAM_KEYS_EQUAL", first, second: program }, "fatal");
    programs.set(key, program);
  }
}

const RESERVED: ReadonlySet<string> = new Set(["batchMerge", "epochMerge", "epochEmpty"]);
