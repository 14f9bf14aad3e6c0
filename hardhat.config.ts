import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

/** The compiler of the npm package, so that nothing is downloaded; Hardhat wants its absolute path. */
const compiler = {
  version: "0.8.30",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 1_000_000 },
    viaIR: true,
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: { profiles: { default: compiler, production: compiler } },
  paths: {
    sources: ["contracts", "cli/demo", "test/contracts/harness"],
    tests: { mocha: "test/contracts", solidity: "test/contracts/solidity" },
  },
  networks: { hardhat: { type: "edr-simulated", chainType: "l1", chainId: 31337, hardfork: "cancun" } },
});
