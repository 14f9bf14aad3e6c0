import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChainReader } from "../../../agents/kit/evm/chainReader.ts";
import { compileCounter, deploy, startDevChain, type DevChain } from "./devChain.ts";

const INTENTIONS = 15;

describe("transaction sender killed with SIGKILL", function () {
  this.timeout(120_000);
  let chain: DevChain, folder: string, miner: NodeJS.Timeout;
  before(async () => {
    chain = await startDevChain();
    folder = await mkdtemp(join(tmpdir(), "bvm-sender-"));
  });
  after(async () => {
    clearInterval(miner);
    await chain.stop();
    await rm(folder, { recursive: true });
  });

  it("has every intention mined exactly once, whenever it died", async () => {
    const { abi, bytecode } = compileCounter();
    const address = await deploy(chain, bytecode);
    miner = setInterval(() => void chain.mine(), 20);
    let runs = 0;
    for (let done = false; !done; runs++) {
      const args = ["test/agents/evm/senderChild.ts", chain.url, folder, address, `${INTENTIONS}`];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      // Each life ends a little later after its start-up than the one before.
      child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), 25 * runs));
      const [code] = (await once(child, "exit")) as [number | null];
      done = code === 0;
    }
    clearInterval(miner);
    const reader = createChainReader(chain.rpc);
    const events = await reader.events({ address, abi }, "Counted", 0, await reader.blockNumber());
    const words = events.map((event) => event.args.word as string);
    expect(words).to.deep.equal(Array.from({ length: INTENTIONS }, (_, i) => `intention ${i}`));
    expect(runs).to.be.above(3);
  });
});
