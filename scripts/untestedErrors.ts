/**
 * Lists custom errors of `contracts/` and numbered invariants of `docs/spec/` that no test names. Fails if there are any.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "../protocol/errors.ts";
import { repositoryRoot } from "./generatedFiles.ts";

const read = (pattern: string): string =>
  globSync(join(repositoryRoot, pattern))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

const matches = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1]!)),
];

export type Untested = { readonly errors: string[]; readonly invariants: string[] };

/** `specs`: pages of docs/spec whose invariants count. */
export function untested(specs = "*"): Untested {
  const tests = read("test/**/*.test.ts");
  const unnamed = (name: string): boolean => !new RegExp(`\\b${name}\\b`).test(tests);
  return {
    errors: matches(read("contracts/**/*.sol"), /^\s*error (\w+)\(/gm).filter(unnamed),
    invariants: matches(read(`docs/spec/${specs}.md`), /^[-*#\s|]*\**(I-[A-Z0-9]+-\d+)/gm).filter(unnamed),
  };
}

if (import.meta.main) {
  const { errors, invariants } = untested();
  if (errors.length + invariants.length > 0)
    throw new StackError(
      { code: "UNTESTED", errors: errors.join(" "), invariants: invariants.join(" ") },
      "fatal",
    );
  console.log("every error and every invariant is named in a test");
}
