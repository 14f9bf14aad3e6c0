/** One in-process Hardhat chain for all contract tests; each test starts from one snapshot (`loadFixture` of `deployWorld`). */
import hre from "hardhat";
import { GENERATE_COMMAND, generatedContractFiles } from "../../../scripts/generateAbis.ts";
import { checkFiles } from "../../../scripts/generatedFiles.ts";

// Tests deploy from `generated/`, as the stack does: it must be what the sources give.
checkFiles(await generatedContractFiles(), GENERATE_COMMAND);

export const { ethers, networkHelpers, provider } = await hre.network.create("hardhat");
export const { loadFixture } = networkHelpers;
