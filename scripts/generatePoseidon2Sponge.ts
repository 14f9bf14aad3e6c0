/** Writes the memory image of a Poseidon2 sponge for Solidity, from the one place that derives them. `--check` compares. */
import { join } from "node:path";
import { deriveConstants } from "../protocol/poseidon2/constants.ts";
import type { GeneratedFile } from "./generatedFiles.ts";
import { repositoryRoot, runGenerator } from "./generatedFiles.ts";

export const POSEIDON2_SPONGE_COMMAND = "node scripts/generatePoseidon2Sponge.ts";

const word = (value: bigint): string => `hex"${value.toString(16).padStart(64, "0")}"`;

export function poseidon2SpongeFile(): GeneratedFile {
  const words = [0n, 0n, 0n, 0n, ...deriveConstants().roundConstants.flat()];
  const content = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// Written by ${POSEIDON2_SPONGE_COMMAND} from protocol/poseidon2/constants.ts; never edited.

/// @dev 32 bytes each: the 4 zeros a sponge's state begins with, then the round constants: 4 in each of the first 4 full
/// rounds, 1 in each of the 56 partial ones, 4 in each of the last 4.
bytes constant POSEIDON2_SPONGE =
${words.map((value) => `    ${word(value)}`).join("\n")};
`;
  return { path: join(repositoryRoot, "contracts/crypto/Poseidon2Sponge.sol"), content };
}

if (import.meta.main) runGenerator([poseidon2SpongeFile()], POSEIDON2_SPONGE_COMMAND);
