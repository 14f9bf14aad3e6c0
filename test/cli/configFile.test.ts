import { expect } from "chai";
import { rmSync } from "node:fs";
import type { z } from "zod";
import { attesterConfigSchema } from "../../agents/attester/config.ts";
import { batcherConfigSchema } from "../../agents/batcher/config.ts";
import { daConfigSchema } from "../../agents/da/config.ts";
import { inscriberConfigSchema } from "../../agents/inscriber/config.ts";
import { readConfig } from "../../agents/kit/runAgent.ts";
import { lightNodeConfigSchema } from "../../agents/light-node/config.ts";
import { nodeConfig } from "../../agents/node/config.ts";
import { proverConfigSchema } from "../../agents/prover/config.ts";
import { queueConfigSchema } from "../../agents/queue/config.ts";
import { AGENT_ROLES, type AgentRole } from "../../cli/commands/agent.ts";
import { addL3, composeConfig, readConfigFile, writeConfigFile } from "../../cli/network/configFile.ts";
import type { Layout } from "../../cli/network/layout.ts";
import { l3, makeNetworkFolder, network } from "./sampleNetwork.ts";

const SCHEMAS: Record<AgentRole, z.ZodType> = {
  node: nodeConfig,
  da: daConfigSchema,
  attester: attesterConfigSchema,
  queue: queueConfigSchema,
  prover: proverConfigSchema,
  batcher: batcherConfigSchema,
  inscriber: inscriberConfigSchema,
  "light-node": lightNodeConfigSchema,
};
const BY_INSTANCE: readonly AgentRole[] = ["node", "attester", "batcher"];

describe("the configuration of a new network", () => {
  let paths: Layout;
  beforeEach(async () => {
    paths = await makeNetworkFolder();
  });
  afterEach(() => rmSync(paths.dataDir, { recursive: true, force: true }));

  /** As each agent reads it at its start: unknown keys refused. */
  function readAll(): Record<string, unknown> {
    const file = readConfigFile(paths);
    const read: Record<string, unknown> = {};
    for (const { name: role } of AGENT_ROLES) {
      const instances = BY_INSTANCE.includes(role) ? Object.keys(file[role]!) : [undefined];
      for (const name of instances)
        read[name === undefined ? role : `${role}-${name}`] = readConfig(
          paths.config,
          role,
          name,
          SCHEMAS[role],
        );
    }
    return read;
  }

  it("has a section for each agent that the agent itself accepts", async () => {
    await writeConfigFile(paths, composeConfig(paths, network));
    const agents = ["node-supersonic", "node-demo", "da", "attester-0", "attester-1", "attester-2", "queue"];
    expect(readAll()).to.have.all.keys(...agents, "prover", "batcher-demo", "inscriber", "light-node");
  });

  it("takes an L3 that is created later: node, batcher, attesters and light node know it", async () => {
    await writeConfigFile(paths, composeConfig(paths, network));
    const config = readConfigFile(paths);
    const shop = l3("shop", 2);
    addL3(config, paths, network, shop);
    await writeConfigFile(paths, config);
    const read = readAll() as Record<string, Record<string, unknown>>;
    expect(read["batcher-shop"]).to.deep.include({ rollup: shop.rollup, layer3: shop.rpc });
    expect(read["node-shop"]!.safe).to.deep.include({ kind: "rollup", address: shop.rollup!.toLowerCase() });
    expect(read["attester-2"]!.rollups).to.deep.equal({
      [network.chains[1]!.rollup!.toLowerCase()]: { layer3: network.chains[1]!.rpc },
      [shop.rollup!.toLowerCase()]: { layer3: shop.rpc },
    });
    expect((read["light-node"]!.follow as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      "demo",
      "shop",
    ]);
  });

  it("is the same whether an L3 was there from the start or created later", () => {
    const shop = l3("shop", 2);
    const later = composeConfig(paths, network) as Parameters<typeof addL3>[0];
    addL3(later, paths, network, shop);
    expect(later).to.deep.equal(composeConfig(paths, { ...network, chains: [...network.chains, shop] }));
  });

  it("is refused while the contracts are missing", () => {
    const young = { ...network };
    delete (young as { settlement?: unknown }).settlement;
    expect(() => composeConfig(paths, young))
      .to.throw()
      .with.nested.property("type.code", "NETWORK_NOT_READY");
  });

  it("an agent refuses a key it does not know", async () => {
    const config = composeConfig(paths, network);
    await writeConfigFile(paths, { ...config, da: { ...(config.da as object), speed: 9 } });
    expect(() => readConfig(paths.config, "da", undefined, daConfigSchema))
      .to.throw()
      .with.nested.property("type.code", "CONFIG_INVALID");
  });
});
