/** Files a script makes from a source: written by it, or compared with what the source gives now. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { StackError } from "../protocol/errors.ts";

export type GeneratedFile = { readonly path: string; readonly content: string };
export type GeneratedFileError = { code: "GENERATED_FILES_STALE"; paths: readonly string[]; command: string };

export const repositoryRoot = resolve(import.meta.dirname, "..");

/** Writes the files that differ; returns their paths, relative to the repository. */
export function writeFiles(files: readonly GeneratedFile[]): string[] {
  const stale = staleFiles(files);
  for (const { path, content } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return stale.map(({ path }) => relative(repositoryRoot, path));
}

/** Throws `GENERATED_FILES_STALE` if a file is missing or differs; `command` is the one that writes them. */
export function checkFiles(files: readonly GeneratedFile[], command: string): void {
  const paths = staleFiles(files).map(({ path }) => relative(repositoryRoot, path));
  if (paths.length > 0)
    throw new StackError<GeneratedFileError>({ code: "GENERATED_FILES_STALE", paths, command }, "fatal");
}

/** The command line of a generating script: `--check` compares, nothing writes. */
export function runGenerator(files: readonly GeneratedFile[], command: string): void {
  if (process.argv.includes("--check")) return checkFiles(files, command);
  const written = writeFiles(files);
  console.log(written.length === 0 ? "nothing changed" : `wrote ${written.join(", ")}`);
}

function staleFiles(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ path, content }) => !existsSync(path) || readFileSync(path, "utf8") !== content);
}
