import { expect } from "chai";
import { existsSync, rmSync } from "node:fs";
import { l3Create } from "../../cli/commands/l3Create.ts";
import { ensureGenesis, l3Genesis } from "../../cli/network/genesisFiles.ts";
import type { Layout } from "../../cli/network/layout.ts";
import { readNetworkFile } from "../../cli/network/networkFile.ts";
import { MAX_PROVABLE_GAS_LIMIT } from "../../protocol/constants.ts";
import type { StackError } from "../../protocol/errors.ts";
import { makeNetworkFolder, network } from "./sampleNetwork.ts";

const FEE_RECIPIENT = "0x00000000000000000000000000000000000fee00";

describe("l3 create refuses, and changes nothing", () => {
  let paths: Layout;
  beforeEach(async () => {
    paths = await makeNetworkFolder();
  });
  afterEach(() => {
    expect(readNetworkFile(paths).chains).to.have.length(2);
    expect(existsSync(paths.genesisFolder)).to.equal(false);
    rmSync(paths.dataDir, { recursive: true, force: true });
  });

  async function refusal(
    name: string,
    options: { program?: string; chainId?: bigint } = {},
  ): Promise<StackError["type"]> {
    const error = await l3Create(name, { program: "evm", dataDir: paths.dataDir, ...options }).then(
      () => expect.fail("accepted"),
      (e: unknown) => e as StackError,
    );
    return error.type;
  }

  it("a name that is taken", async () => {
    expect(await refusal("demo")).to.deep.equal({ code: "CHAIN_NAME_TAKEN", name: "demo" });
    expect(await refusal("supersonic")).to.deep.equal({ code: "CHAIN_NAME_TAKEN", name: "supersonic" });
  });

  for (const name of ["", "Demo", "1st", "a b", "../up", "a".repeat(33)])
    it(`the name ${JSON.stringify(name)}`, async () => {
      expect(await refusal(name)).to.include({ code: "CHAIN_NAME_INVALID", supplied: name });
    });

  it("a chain id that is taken, Supersonic's too", async () => {
    expect(await refusal("shop", { chainId: 101n })).to.deep.equal({ code: "CHAIN_ID_TAKEN", chainId: 101 });
    expect(await refusal("shop", { chainId: 1337n })).to.deep.equal({
      code: "CHAIN_ID_TAKEN",
      chainId: 1337,
    });
  });

  for (const chainId of [0n, -1n, 1n << 53n])
    it(`the chain id ${chainId}`, async () => {
      expect(await refusal("shop", { chainId })).to.include({
        code: "CHAIN_ID_INVALID",
        supplied: String(chainId),
      });
    });

  for (const program of ["none", "transfers", ""])
    it(`the program ${JSON.stringify(program)}`, async () => {
      expect(await refusal("shop", { program })).to.deep.equal({
        code: "PROGRAM_UNKNOWN",
        expected: "evm",
        supplied: program,
      });
    });
});

describe("l3 create with a genesis file of its own", () => {
  /** Nothing listens at the sample network's addresses: whatever is sent fails with another error. */
  it("refuses a gas limit that cannot be proven before it sends anything", async () => {
    const paths = await makeNetworkFolder();
    const genesis = {
      ...l3Genesis("shop", 102, "evm", FEE_RECIPIENT),
      gasLimit: MAX_PROVABLE_GAS_LIMIT + 1n,
    };
    await ensureGenesis(paths, () => genesis, "shop");
    const error = await l3Create("shop", { program: "evm", dataDir: paths.dataDir }).catch((e) => e);
    expect(error.type).to.deep.equal({
      ...{ code: "GENESIS_GAS_LIMIT_UNPROVABLE", gasLimit: 2n ** 29n, maximum: 2n ** 29n - 1n },
    });
    expect(readNetworkFile(paths).chains).to.have.length(2);
    rmSync(paths.dataDir, { recursive: true, force: true });
  });
});

describe("l3 create on a network that is not ready", () => {
  it("says what is missing", async () => {
    const young = { ...network };
    delete (young as { settlement?: unknown }).settlement;
    const paths = await makeNetworkFolder(young);
    const error = await l3Create("shop", { program: "evm", dataDir: paths.dataDir }).catch((e) => e);
    expect(error.type).to.include({ code: "NETWORK_NOT_READY", missing: "settlement contracts" });
    rmSync(paths.dataDir, { recursive: true, force: true });
  });
});
