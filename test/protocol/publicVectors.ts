import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A public test vector, read in place; a missing folder is an error, not a skipped test. */
export function publicVectorText(name: string): string {
  return readFileSync(resolve(process.env["BVM_VECTORS"] ?? "../shared/vectors", name), "utf8");
}

export const publicVector = (name: string): unknown => JSON.parse(publicVectorText(name));
