/** Compiles `contracts/` and the demo's with Hardhat (nothing to do when nothing changed) and hands out artifacts. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import hre from "hardhat";
import { repositoryRoot } from "./generatedFiles.ts";

export type AbiItem = { readonly type: string; readonly name?: string; readonly inputs?: readonly unknown[] };
export type ContractArtifact = {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly AbiItem[];
  readonly bytecode: string;
};

export async function compileContracts(): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
}

/** Assumes `compileContracts`. */
export const readArtifact = async (name: string): Promise<ContractArtifact> =>
  (await hre.artifacts.readArtifact(name)) as unknown as ContractArtifact;

/** Contracts, interfaces and libraries under `contracts/`, by source and name. Assumes `compileContracts`. */
export async function contractNames(): Promise<string[]> {
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())];
  return names.filter((name) => name.startsWith("contracts/")).sort();
}

/** SHA-256 of a source and of all it imports: what decides a contract's ABI and, with the compiler, its bytecode. */
export function sourceHash(sourceName: string): string {
  const hash = createHash("sha256");
  for (const path of [...withImports(join(repositoryRoot, sourceName))].sort())
    hash.update(readFileSync(path));
  return hash.digest("hex");
}

function withImports(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, imported] of readFileSync(path, "utf8").matchAll(/^import [^;]*"([^"]+)";/gm)) {
    const local = imported!.startsWith(".")
      ? join(dirname(path), imported!)
      : join(repositoryRoot, "node_modules", imported!);
    if (existsSync(local)) withImports(local, found);
  }
  return found;
}
