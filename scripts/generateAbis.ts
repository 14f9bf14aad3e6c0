/**
 * Writes `generated/`: the ABIs agents use, and the bytecode of the contracts that are deployed, so that a running stack
 * needs no compiler. `--check` compares. The generated verifiers are not here: `proving/` makes them.
 */
import { join } from "node:path";
import { compileContracts, readArtifact, sourceHash } from "./compileContracts.ts";
import type { GeneratedFile } from "./generatedFiles.ts";
import { repositoryRoot, runGenerator } from "./generatedFiles.ts";

export const GENERATE_COMMAND = "node scripts/generateAbis.ts";

const ABIS = ["RollupFactory", "Rollup", "DataAvailabilityCommittee", "ProofVerifier", "DemoCoin"];
/** A Rollup is deployed by its factory. */
const BYTECODES = ["RollupFactory", "DataAvailabilityCommittee", "ProofVerifier", "DemoCoin"];

/** The files as the sources give them now. */
export async function generatedContractFiles(): Promise<GeneratedFile[]> {
  await compileContracts();
  return Promise.all([...ABIS.map(abiFile), ...BYTECODES.map(bytecodeFile)]);
}

async function abiFile(name: string): Promise<GeneratedFile> {
  const { sourceName, abi } = await readArtifact(name);
  const items = abi.map((item) => `  ${JSON.stringify(item)},\n`).join("");
  return file("abis", name, sourceName, `export const ${camel(name)}Abi = [\n${items}] as const;\n`);
}

async function bytecodeFile(name: string): Promise<GeneratedFile> {
  const { sourceName, bytecode } = await readArtifact(name);
  const comment = "/** Creation code; the constructor's arguments follow it. */";
  return file(
    "bytecode",
    name,
    sourceName,
    `${comment}\nexport const ${camel(name)}Bytecode =\n  "${bytecode}";\n`,
  );
}

function file(folder: string, name: string, sourceName: string, body: string): GeneratedFile {
  const header = `// Written by ${GENERATE_COMMAND}; never edited.\n// Source: ${sourceName}, SHA-256 with its imports ${sourceHash(sourceName)}\n`;
  return { path: join(repositoryRoot, "generated", folder, `${name}.ts`), content: header + body };
}

const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

if (import.meta.main) runGenerator(await generatedContractFiles(), GENERATE_COMMAND);
