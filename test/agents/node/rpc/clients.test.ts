import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import {
  type Contract,
  ContractFactory,
  JsonRpcProvider,
  parseEther,
  Wallet,
  WebSocketProvider,
  isCallException,
} from "ethers";
import { createPublicClient, createWalletClient, defineChain, http, webSocket, type Abi } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { compile } from "../../execution/compile.ts";
import { RICH, RICH_KEY, runNode, type RunningNode } from "./runningNode.ts";

const run = promisify(execFile);
const { bytecode, abi } = compile("../node/rpc/Greeter.sol", "Greeter");
/** ethers answers a repeated question from its cache for 250 ms; this chain may have moved on by then. */
const uncached = { cacheTimeout: -1 };
const STRANGER = "0x00000000000000000000000000000000000000Aa";

describe("public clients against a node", () => {
  let node: RunningNode;
  before(async () => {
    node = await runNode();
  });
  after(() => node.stop());

  it("ethers deploys, calls, reads events, decodes reverts", async () => {
    const provider = new JsonRpcProvider(node.url, undefined, { pollingInterval: 50, ...uncached });
    try {
      const wallet = new Wallet(RICH_KEY, provider);
      const contract = (await new ContractFactory(abi, bytecode, wallet).deploy(
        "hello",
      )) as unknown as Contract;
      await contract.waitForDeployment();
      expect(await contract.getFunction("greeting")()).to.equal("hello");

      const receipt = await (await contract.getFunction("greet")("good day")).wait();
      expect(receipt.status).to.equal(1);
      const [event] = await contract.queryFilter(contract.filters.Greeted!(RICH));
      expect((event as unknown as { args: unknown[] }).args[1]).to.equal("good day");
      expect(await contract.getFunction("count")()).to.equal(1n);

      const error: unknown = await contract
        .getFunction("refuse")
        .staticCall(3n)
        .catch((e: unknown) => e);
      expect(
        isCallException(error as Error) && (error as { revert: { name: string; args: bigint[] } }).revert,
      ).to.deep.include({
        name: "Refused",
      });
      const text: unknown = await contract
        .getFunction("refuseWithText")
        .staticCall()
        .catch((e: unknown) => e);
      expect((text as { reason: string }).reason).to.equal("not today");
    } finally {
      provider.destroy();
    }
  });

  it("ethers follows blocks and logs over WebSocket", async () => {
    const provider = new WebSocketProvider(node.wsUrl, undefined, uncached);
    try {
      const wallet = new Wallet(RICH_KEY, provider);
      const contract = (await new ContractFactory(abi, bytecode, wallet).deploy("ws")) as unknown as Contract;
      await contract.waitForDeployment();
      const heard = new Promise<unknown[]>(
        (resolve) => void contract.on("Greeted", (...args: unknown[]) => resolve(args)),
      );
      await contract.getFunction("greet")("over the wire");
      expect((await heard).slice(0, 2)).to.deep.equal([RICH, "over the wire"]);
      const block = await new Promise<number>((resolve) => void provider.once("block", resolve));
      expect(block).to.be.greaterThan(0);
    } finally {
      await provider.destroy();
    }
  });

  it("viem deploys, writes, reads, watches", async () => {
    const chain = defineChain({
      id: 1337,
      name: "test",
      nativeCurrency: { name: "Bitcoin", symbol: "BTC", decimals: 18 },
      rpcUrls: { default: { http: [node.url], webSocket: [node.wsUrl] } },
    });
    const account = privateKeyToAccount(RICH_KEY);
    const wallet = createWalletClient({ account, chain, transport: http() });
    const reader = createPublicClient({ chain, transport: http(), pollingInterval: 50 });
    const jsonAbi = JSON.parse(abi.formatJson()) as Abi;
    const hash = await wallet.deployContract({ abi: jsonAbi, bytecode, args: ["viem"] });
    const { contractAddress } = await reader.waitForTransactionReceipt({ hash });
    const address = contractAddress!;
    expect(await reader.readContract({ address, abi: jsonAbi, functionName: "greeting" })).to.equal("viem");

    const over = createPublicClient({ chain, transport: webSocket() });
    const seen = new Promise<string>((resolve) => {
      over.watchContractEvent({
        address,
        abi: jsonAbi,
        eventName: "Greeted",
        onLogs: (logs) => resolve((logs[0] as unknown as { args: { text: string } }).args.text),
      });
    });
    const { request } = await reader.simulateContract({
      account,
      address,
      abi: jsonAbi,
      functionName: "greet",
      args: ["watched"],
    });
    await reader.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
    expect(await seen).to.equal("watched");
    (await over.transport.getRpcClient()).close();
  });

  it("Hardhat deploys and calls through its own network connection", async () => {
    const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
    const { default: hardhatEthers } = await import("@nomicfoundation/hardhat-ethers");
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [hardhatEthers],
      networks: { supersonic: { type: "http", url: node.url, accounts: [RICH_KEY] } },
    });
    const { ethers, close } = await hre.network.create("supersonic");
    try {
      const [signer] = await ethers.getSigners();
      const factory = new ContractFactory(abi, bytecode, signer);
      const contract = (await factory.deploy("hardhat")) as unknown as Contract;
      await contract.waitForDeployment();
      await (await contract.getFunction("greet")("from hardhat")).wait();
      expect(await contract.getFunction("greeting")()).to.equal("from hardhat");
      expect(await ethers.provider.getBalance(RICH)).to.be.greaterThan(0n);
    } finally {
      await close();
    }
  });

  it("cast sends, calls, reads", async () => {
    const cast = async (...args: string[]): Promise<string> =>
      (
        await run("node_modules/.bin/cast", args, { env: { ...process.env, ETH_RPC_URL: node.url } })
      ).stdout.trim();
    expect(await cast("chain-id")).to.equal("1337");
    await cast("send", "--private-key", RICH_KEY, STRANGER, "--value", "1ether");
    expect(await cast("balance", STRANGER)).to.equal(parseEther("1").toString());
    const deployed = JSON.parse(
      await cast(
        "send",
        "--json",
        "--private-key",
        RICH_KEY,
        "--create",
        bytecode,
        "constructor(string)",
        "cast",
      ),
    ) as { contractAddress: string };
    expect(await cast("call", deployed.contractAddress, "greeting()(string)")).to.equal('"cast"');
    await cast("send", "--private-key", RICH_KEY, deployed.contractAddress, "greet(string)", "hi");
    expect(await cast("logs", "--address", deployed.contractAddress)).to.contain("topics");
  });
});
