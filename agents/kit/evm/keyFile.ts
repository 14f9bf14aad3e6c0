import { readFile } from "node:fs/promises";
import { StackError } from "../../../protocol/errors.ts";

export type KeyFileError = { code: "CONFIG_KEY_INVALID"; file: string };

/** A secret key from a file of 64 hex digits, with or without `0x`. Returns `0x` and the digits. Throws CONFIG_KEY_INVALID. */
export async function readKeyFile(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new StackError<KeyFileError>({ code: "CONFIG_KEY_INVALID", file }, "fatal", { cause });
  });
  const digits = /^(?:0x)?([0-9a-fA-F]{64})\s*$/.exec(text)?.[1];
  if (digits) return `0x${digits}`;
  throw new StackError<KeyFileError>({ code: "CONFIG_KEY_INVALID", file }, "fatal");
}
