import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../../agents/kit/hex.ts";
import { FEE_RECIPIENT, genesisFile } from "../execution/chainFixture.ts";
import { createRandom } from "../execution/random.ts";
import { signed, wallets } from "../execution/wallets.ts";

const KILLS = 6;
const DEADLINE_MS = 20_000;

/** A node in a process of its own, over its own HTTP. */
class NodeProcess {
  readonly #config: string;
  #process: ChildProcess | undefined;
  #url = "";

  constructor(config: string) {
    this.#config = config;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ["agents/node/main.ts", "--config", this.#config], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    this.#url = await new Promise<string>((resolve, reject) => {
      let output = "";
      child.once("exit", (code) => reject(new Error(`node ended with ${code}: ${output}`)));
      child.stdout!.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        const url = /"url":"([^"]+)"/.exec(output)?.[1];
        if (url) resolve(url);
      });
    });
    child.removeAllListeners("exit");
  }

  async kill(): Promise<void> {
    const ended = once(this.#process!, "exit");
    this.#process!.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<number> {
    const ended = once(this.#process!, "exit");
    this.#process!.kill("SIGTERM");
    return (await ended)[0] as number;
  }

  async rpc<T>(method: string, ...params: unknown[]): Promise<T> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  }
}

type Receipt = {
  blockHash: string | null;
  blockNumber: string;
  transactionIndex: string;
  gasUsed: string;
  status: string;
};

async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + DEADLINE_MS; ;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
  }
}

describe("node killed at any instant", () => {
  it("serves every receipt of a sealed block, and loses or doubles no accepted transaction", async function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), "bvm-kill-"));
    const genesis = join(folder, "genesis.json");
    const config = join(folder, "bvm.json");
    writeFileSync(genesis, JSON.stringify(genesisFile));
    const node = {
      dataDir: join(folder, "node"),
      genesis,
      port: 0,
      feeRecipient: FEE_RECIPIENT,
      blockTimeMs: 60,
    };
    writeFileSync(config, JSON.stringify({ node }));
    const child = new NodeProcess(config);
    const random = createRandom(7);
    const receiver = `0x${"ab".repeat(20)}`;
    const nonces = wallets.map(() => 0);
    const accepted: string[] = [];
    const sealed = new Map<string, Receipt>();

    for (let round = 0; round < KILLS; round++) {
      await child.start();
      for (const [hash, receipt] of sealed)
        expect(await child.rpc("eth_getTransactionReceipt", hash), `sealed ${hash}`).to.deep.equal(receipt);
      for (const [i, wallet] of wallets.entries())
        nonces[i] = Number(await child.rpc("eth_getTransactionCount", wallet.address, "pending"));
      expect(
        nonces.reduce((a, b) => a + b),
        "accepted ones are executed again, and nothing else but one in flight",
      ).to.be.within(accepted.length, accepted.length + round);
      const killAfter = 3 + random.below(25);
      for (let i = 0; i < killAfter; i++) {
        const sender = random.below(wallets.length);
        const raw = await signed(wallets[sender]!, { nonce: nonces[sender]!++, to: receiver, value: 1n });
        accepted.push(await child.rpc<string>("eth_sendRawTransaction", toHex(raw)));
        if (random.below(4) > 0) continue;
        const hash = random.pick(accepted);
        const receipt = await child.rpc<Receipt | null>("eth_getTransactionReceipt", hash);
        expect(receipt, `receipt of ${hash}`).to.not.equal(null);
        const known = await child.rpc<unknown>("eth_getBlockByNumber", receipt!.blockNumber, false);
        if (known) sealed.set(hash, await child.rpc<Receipt>("eth_getTransactionReceipt", hash));
      }
      // One request is on its way when the process dies: it may be accepted, or not.
      const last = random.below(wallets.length);
      const flying = await signed(wallets[last]!, { nonce: nonces[last]!++, to: receiver, value: 1n });
      const answer = child.rpc("eth_sendRawTransaction", toHex(flying)).catch(() => undefined);
      await child.kill();
      await answer;
    }

    await child.start();
    for (const hash of accepted) {
      const receipt = await until(`seal of ${hash}`, async () => {
        const found = await child.rpc<Receipt | null>("eth_getTransactionReceipt", hash);
        const block =
          found &&
          (await child.rpc<{ hash: string } | null>("eth_getBlockByNumber", found.blockNumber, false));
        return block?.hash === found?.blockHash ? (found ?? undefined) : undefined;
      });
      expect(receipt.status).to.equal("0x1");
    }
    const paid = BigInt(await child.rpc<string>("eth_getBalance", receiver, "latest"));
    expect(
      paid >= BigInt(accepted.length) && paid <= BigInt(accepted.length + KILLS),
      `${paid} paid`,
    ).to.equal(true);
    expect(await child.stop()).to.equal(0);
    rmSync(folder, { recursive: true });
  });
});
