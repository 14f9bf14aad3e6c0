import { JsonRpcProvider, NonceManager, parseEther } from "ethers";
import { createRollup } from "../../scripts/deploy/createRollup.ts";
import { deploySettlement, type VerifierArtifact } from "../../scripts/deploy/deploySettlement.ts";
import { genesisTip } from "../../protocol/genesis.ts";
import type { ReferenceStringRecord } from "../../scripts/deploy/deploymentFile.ts";
import { readGenesis } from "./genesisFiles.ts";
import { accountOf, walletOf } from "./keys.ts";
import type { Layout } from "./layout.ts";
import { findChain, type NetworkFile, required, type SettlementRecord, SUPERSONIC } from "./networkFile.ts";
import { DEV_SETTINGS } from "./settings.ts";

export interface SettlementParts {
  readonly verifier: VerifierArtifact;
  readonly referenceString: ReferenceStringRecord;
}

/** Deploys what every L3 shares; a second call finds it and sends nothing. */
export async function ensureSettlement(
  layout: Layout,
  network: NetworkFile,
  { verifier, referenceString }: SettlementParts,
): Promise<SettlementRecord> {
  const members = network.attesters.map((_, i) => accountOf(layout.key(`attester-${i}`)));
  return withDeployer(layout, network, async (signer) => {
    const deployed = await deploySettlement({
      signer,
      network: "local",
      committee: { members, threshold: DEV_SETTINGS.attesterThreshold },
      verifiers: [verifier],
      referenceString,
      path: layout.deployment,
    });
    const { rollupFactory, proofVerifier, dataAvailabilityCommittee } = deployed;
    return { rollupFactory, proofVerifier, dataAvailabilityCommittee, program: verifier.keyHash };
  });
}

/** The Rollup of an L3, created from its genesis unless the factory has it. Returns its address. */
export async function ensureRollup(layout: Layout, network: NetworkFile, name: string): Promise<string> {
  const settlement = required(network.settlement, "settlement contracts");
  const genesis = readGenesis(layout, name);
  return withDeployer(layout, network, async (signer) => {
    const { address } = await createRollup(signer, settlement.rollupFactory, {
      chainId: genesis.chainId,
      gasLimit: genesis.gasLimit,
      program: settlement.program,
      verifier: settlement.proofVerifier,
      dataAvailability: settlement.dataAvailabilityCommittee,
      genesis: genesisTip(genesis),
    });
    return address;
  });
}

/** Gives an agent what it needs to send transactions, unless it has it. */
export async function fundAgent(layout: Layout, network: NetworkFile, address: string): Promise<void> {
  await withDeployer(layout, network, async (signer) => {
    if ((await signer.provider!.getBalance(address)) > 0n) return;
    await (await signer.sendTransaction({ to: address, value: FUNDING })).wait();
  });
}

/** Years of `submitBatch`: 900k gas each at 1 gwei. */
const FUNDING = parseEther("100");

async function withDeployer<T>(
  layout: Layout,
  network: NetworkFile,
  act: (signer: NonceManager) => Promise<T>,
): Promise<T> {
  const { rpc, chainId } = findChain(network, SUPERSONIC);
  const provider = new JsonRpcProvider(rpc, chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 100,
  });
  try {
    return await act(new NonceManager(walletOf(layout.key("deployer"), provider)));
  } finally {
    provider.destroy();
  }
}
