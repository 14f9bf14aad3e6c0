import { expect } from "chai";
import { chmod, mkdtemp, writeFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertUsableNode, refusalReason } from "../../../agents/kit/bitcoin/checkNode.ts";
import { blockHashAt, blockHeader, rawBlock } from "../../../agents/kit/bitcoin/chainReader.ts";
import { bitcoindCache, findBitcoind } from "../../../agents/kit/bitcoin/findBitcoind.ts";
import { createBitcoinRpc, type BitcoinRpcError } from "../../../agents/kit/bitcoin/rpc.ts";
import {
  blockHashOf,
  declaredMerkleRoot,
  merkleRootOf,
} from "../../../agents/kit/bitcoin/transactionReader.ts";
import { startRegtest, type Regtest } from "./regtest.ts";

const failure = (promise: Promise<unknown>): Promise<BitcoinRpcError> =>
  promise.then(
    () => expect.fail("resolved"),
    (error) => error as BitcoinRpcError,
  );

describe("bitcoind", function () {
  this.timeout(120_000);
  let node: Regtest;
  before(async () => {
    node = await startRegtest();
    await node.mine(3);
  });
  after(() => node.close());

  it("answers typed calls and gives blocks that hash to their names", async () => {
    const hash = (await blockHashAt(node.rpc, 2))!;
    const block = await rawBlock(node.rpc, hash);
    expect(blockHashOf(block)).to.equal(hash);
    expect(merkleRootOf(block)).to.deep.equal(declaredMerkleRoot(block));
    expect(await blockHeader(node.rpc, hash)).to.include({ height: 2, confirmations: 2 });
    expect(await blockHashAt(node.rpc, 4)).to.equal(undefined);
    expect(await blockHeader(node.rpc, "11".repeat(32))).to.equal(undefined);
  });

  it("names bitcoind's refusals with code, method and severity", async () => {
    const unknown = await failure(node.rpc.call("getrawtransaction", "11".repeat(32)));
    expect(unknown.type).to.include({ code: "BITCOIN_RPC_ERROR", method: "getrawtransaction", rpcCode: -5 });
    expect(unknown.severity).to.equal("reset");
    const noMethod = await failure(node.rpc.call("nonsense"));
    expect(noMethod.type).to.include({ rpcCode: -32601 });
    expect(noMethod.severity).to.equal("fatal");
  });

  it("tells wrong credentials from a node that is away", async () => {
    const wrong = createBitcoinRpc({ url: node.url, auth: { user: "u", password: "wrong" } });
    expect((await failure(wrong.call("getblockcount"))).type.code).to.equal("BITCOIN_RPC_UNAUTHORIZED");
    const away = createBitcoinRpc({ url: "http://127.0.0.1:1", auth: { user: "u", password: "p" } });
    const error = await failure(away.call("getblockcount"));
    expect(error.type.code).to.equal("BITCOIN_RPC_UNREACHABLE");
    expect(error.severity).to.equal("retry");
    const noCookie = createBitcoinRpc({ url: node.url, auth: { cookieFile: "/nonexistent/.cookie" } });
    expect((await failure(noCookie.call("getblockcount"))).severity).to.equal("retry");
  });

  it("gives up on a call that does not answer in time", async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const rpc = createBitcoinRpc({
      url: `http://127.0.0.1:${port}`,
      auth: { user: "u", password: "p" },
      timeoutMs: 100,
    });
    const error = await failure(rpc.call("getblockcount"));
    silent.closeAllConnections();
    silent.close();
    expect(error.type).to.deep.equal({
      code: "BITCOIN_RPC_TIMEOUT",
      method: "getblockcount",
      timeoutMs: 100,
    });
    expect(error.severity).to.equal("retry");
  });

  it("goes on with its chain after a restart, and clients log in with the new cookie", async () => {
    const height = await node.rpc.call<number>("getblockcount");
    const port = Number(new URL(node.url).port);
    await node.stop();
    expect(await node.exited).to.equal(0);
    const again = await startRegtest({ dataDir: node.dataDir, rpcPort: port });
    expect(await node.rpc.call("getblockcount")).to.equal(height);
    node = again;
  });

  it("says why bitcoind ended when it cannot start", async () => {
    const error = await failure(startRegtest({ flags: ["-nonsense=1"] }));
    expect(error.type.code).to.equal("BITCOIND_EXITED");
    expect((error.type as unknown as { output: string }).output).to.contain("-nonsense");
  });

  it("serves the network it was asked for and no other", async () => {
    await assertUsableNode(node.rpc, "regtest");
    expect((await failure(assertUsableNode(node.rpc, "main"))).type).to.deep.equal({
      code: "BITCOIN_WRONG_NETWORK",
      expected: "main",
      actual: "regtest",
    });
  });

  it("refuses Knots, and any node of its chain, everywhere but on regtest", () => {
    const normal = { deployments: {} };
    expect(refusalReason("main", "/Satoshi:31.0.0/", normal)).to.equal(undefined);
    expect(refusalReason("regtest", "/Satoshi:29.5.0/Knots:20260508/", normal)).to.equal(undefined);
    for (const network of ["main", "testnet4", "signet"] as const)
      expect(refusalReason(network, "/Satoshi:29.5.0/Knots:20260508/", normal)).to.be.a("string");
    expect(refusalReason("main", "/x/", { deployments: { reduced_data: {} } })).to.contain("reduced_data");
    expect(refusalReason("main", "/x/", { ...normal, blake2b: {} })).to.contain("BLAKE2b");
  });
});

describe("findBitcoind", () => {
  it("takes $BITCOIND, then PATH, and refuses a $BITCOIND that cannot run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bvm-find-"));
    const binary = join(folder, "bitcoind");
    await writeFile(binary, "#!/bin/sh\n");
    const refused = await failure(findBitcoind(undefined, { BITCOIND: binary }));
    expect(refused.type).to.deep.equal({ code: "BITCOIND_NOT_EXECUTABLE", path: binary });
    await chmod(binary, 0o755);
    expect(await findBitcoind(undefined, { BITCOIND: binary })).to.equal(binary);
    expect(await findBitcoind(undefined, { PATH: `/nonexistent:${folder}` })).to.equal(binary);
    await rm(folder, { recursive: true });
  });

  it("keeps what it fetches outside the checkout", () => {
    expect(bitcoindCache({ BVM_CACHE: "/c" })).to.equal("/c/bitcoind");
    expect(bitcoindCache({ XDG_CACHE_HOME: "/x" })).to.equal("/x/bvm/bitcoind");
  });
});
