import { expect } from "chai";
import type { Capacity } from "../../../../protocol/evm/capacities.ts";
import { EVM_CIRCUITS } from "../../../../protocol/programs/evmChunks.ts";
import { parseEther, Wallet } from "ethers";
import {
  call,
  genesis,
  post,
  RICH,
  RICH_KEY,
  type RpcAnswer,
  runNode,
  type RunningNode,
} from "./runningNode.ts";

const STRANGER = "0x00000000000000000000000000000000000000aa";
const wallet = new Wallet(RICH_KEY);

async function signed(node: RunningNode, fields: object = {}): Promise<string> {
  const nonce = Number((await call(node.url, "eth_getTransactionCount", RICH, "pending")).result);
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 6n, gasLimit: 21_000n };
  return wallet.signTransaction({
    type: 2,
    chainId: 1337,
    nonce,
    to: STRANGER,
    value: 1n,
    ...fees,
    ...fields,
  });
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error("not reached in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("JSON-RPC", () => {
  let node: RunningNode;
  before(async () => {
    node = await runNode(genesis, { maxBatch: 3, maxLogBlocks: 5 });
  });
  after(() => node.stop());

  describe("transport", () => {
    it("answers errors with HTTP 200 and the codes of the specification", async () => {
      const bad = await post(node.url, "{");
      expect(bad.status).to.equal(200);
      expect((bad.json as RpcAnswer).error!.code).to.equal(-32700);
      expect(((await post(node.url, '{"id":1}')).json as RpcAnswer).error!.code).to.equal(-32600);
      expect(((await post(node.url, "[]")).json as RpcAnswer).error!.code).to.equal(-32600);
      const unknown = (await call(node.url, "hardhat_getAutomine")).error!;
      expect(unknown).to.deep.equal({
        code: -32601,
        message: "the method hardhat_getAutomine does not exist/is not available",
      });
      expect((await call(node.url, "toString")).error!.code).to.equal(-32601);
      const params = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}';
      expect(((await post(node.url, params)).json as RpcAnswer).error!.code).to.equal(-32602);
    });

    it("answers batches in order, up to the limit, and nothing to notifications", async () => {
      const request = (id: number) => ({ jsonrpc: "2.0", id, method: "eth_chainId", params: [] });
      const { json } = await post(
        node.url,
        JSON.stringify([request(5), { jsonrpc: "2.0", method: "eth_chainId" }, request(6)]),
      );
      expect((json as RpcAnswer[]).map((a) => [a.id, a.result])).to.deep.equal([
        [5, "0x539"],
        [6, "0x539"],
      ]);
      const tooMany = await post(node.url, JSON.stringify([1, 2, 3, 4].map(request)));
      expect((tooMany.json as RpcAnswer).error!.code).to.equal(-32005);
    });

    it("lets browsers in and refuses bodies over the limit", async () => {
      const preflight = await fetch(node.url, { method: "OPTIONS" });
      expect(preflight.status).to.equal(204);
      expect(preflight.headers.get("access-control-allow-origin")).to.equal("*");
      const huge = await fetch(node.url, { method: "POST", body: "x".repeat(6 << 20) });
      expect(huge.status).to.equal(413);
    });
  });

  describe("transactions", () => {
    it("serves a soft receipt at once and the sealed one after", async () => {
      const { result: hash } = await call(node.url, "eth_sendRawTransaction", await signed(node));
      const soft = (await call(node.url, "eth_getTransactionReceipt", hash)).result as {
        soft: boolean;
        status: string;
      };
      expect(soft.status).to.equal("0x1");
      const sealed = await until(async () => {
        const { result } = await call(node.url, "eth_getTransactionReceipt", hash);
        return (result as { soft: boolean }).soft
          ? undefined
          : (result as { blockHash: string; blockNumber: string });
      });
      const block = (await call(node.url, "eth_getBlockByHash", sealed.blockHash, true)).result as {
        number: string;
        transactions: { hash: string; blockHash: string }[];
      };
      expect(block.number).to.equal(sealed.blockNumber);
      expect(block.transactions.map((t) => [t.hash, t.blockHash])).to.deep.equal([[hash, sealed.blockHash]]);
      const receipts = (await call(node.url, "eth_getBlockReceipts", sealed.blockNumber)).result as {
        transactionHash: string;
      }[];
      expect(receipts.map((r) => r.transactionHash)).to.deep.equal([hash]);
    });

    const refusals: [string, object, RegExp][] = [
      ["a nonce that is used", { nonce: 0 }, /^nonce too low: next nonce \d+, tx nonce 0$/],
      ["too little gas", { gasLimit: 20_999n }, /^intrinsic gas too low: gas 20999, minimum needed 21000$/],
      ["more gas than a block has", { gasLimit: 30_000_001n }, /^exceeds block gas limit$/],
      [
        "more value than there is",
        { value: parseEther("1000000") },
        /^insufficient funds for gas \* price \+ value/,
      ],
      ["another chain's id", { chainId: 1 }, /^invalid chain id for signer: have 1 want 1337$/],
    ];
    for (const [what, fields, words] of refusals)
      it(`refuses ${what} in geth's words`, async () => {
        await until(async () =>
          Number((await call(node.url, "eth_getTransactionCount", RICH)).result) > 0 ? true : undefined,
        );
        const { error } = await call(node.url, "eth_sendRawTransaction", await signed(node, fields));
        expect(error!.code).to.equal(-32000);
        expect(error!.message).to.match(words);
      });

    it("refuses an unprotected legacy transaction, a blob type and garbage", async () => {
      const nonce = Number((await call(node.url, "eth_getTransactionCount", RICH, "pending")).result);
      const unprotected = await wallet.signTransaction({
        type: 0,
        nonce,
        to: STRANGER,
        gasLimit: 21_000,
        gasPrice: 10n ** 10n,
      });
      const send = async (raw: string) =>
        (await call(node.url, "eth_sendRawTransaction", raw)).error!.message;
      expect(await send(unprotected)).to.equal(
        "only replay-protected (EIP-155) transactions allowed over RPC",
      );
      expect(await send("0x03c0")).to.match(/^transaction type not supported/);
      expect(await send("0x02ff")).to.match(/^rlp: /);
      expect((await call(node.url, "eth_sendRawTransaction", "zz")).error!.code).to.equal(-32602);
    });

    it("says already known for the same bytes twice", async () => {
      const raw = await signed(node);
      await call(node.url, "eth_sendRawTransaction", raw);
      expect((await call(node.url, "eth_sendRawTransaction", raw)).error!.message).to.match(
        /^(already known|nonce too low)/,
      );
    });
  });

  describe("reads", () => {
    it("names blocks by tag, number and EIP-1898 object, and null for none", async () => {
      const latest = (await call(node.url, "eth_getBlockByNumber", "latest", false)).result as {
        hash: string;
        number: string;
      };
      for (const at of [latest.number, { blockNumber: latest.number }, { blockHash: latest.hash }])
        expect((await call(node.url, "eth_getBalance", RICH, at)).result).to.match(/^0x[1-9a-f]/);
      expect((await call(node.url, "eth_getBlockByNumber", "0xffffff", false)).result).to.equal(null);
      expect((await call(node.url, "eth_getBalance", RICH, "0xffffff")).error!.message).to.equal(
        "header not found",
      );
      expect((await call(node.url, "eth_getBalance", "0x12", "latest")).error!.code).to.equal(-32602);
      expect((await call(node.url, "eth_getTransactionReceipt", `0x${"11".repeat(32)}`)).result).to.equal(
        null,
      );
    });

    it("bounds the range of eth_getLogs", async () => {
      await until(async () =>
        Number((await call(node.url, "eth_blockNumber")).result) > 8 ? true : undefined,
      );
      const { error } = await call(node.url, "eth_getLogs", { fromBlock: "0x0", toBlock: "latest" });
      expect(error!.code).to.equal(-32005);
      expect(
        (await call(node.url, "eth_getLogs", { fromBlock: "0x3", toBlock: "0x2" })).error!.code,
      ).to.equal(-32602);
    });

    it("polls block filters and forgets removed ones", async () => {
      const { result: id } = await call(node.url, "eth_newBlockFilter");
      const hashes = await until(async () => {
        const { result } = await call(node.url, "eth_getFilterChanges", id);
        return (result as string[]).length > 0 ? (result as string[]) : undefined;
      });
      expect((await call(node.url, "eth_getBlockByHash", hashes[0], false)).result).to.not.equal(null);
      expect((await call(node.url, "eth_uninstallFilter", id)).result).to.equal(true);
      expect((await call(node.url, "eth_getFilterChanges", id)).error!.message).to.equal("filter not found");
    });

    it("tells fees a wallet can offer", async () => {
      const history = (await call(node.url, "eth_feeHistory", "0x2", "latest", [50])).result as {
        baseFeePerGas: string[];
        reward: string[][];
      };
      expect(history.baseFeePerGas).to.have.length(3);
      expect(history.reward).to.have.length(2);
      expect(Number((await call(node.url, "eth_gasPrice")).result)).to.be.greaterThan(0);
      const block = (await call(node.url, "eth_getBlockByNumber", "latest", false)).result as {
        baseFeePerGas: string;
      };
      expect(block.baseFeePerGas).to.match(/^0x/);
    });

    it("serves its agents block data, witnesses, proofs and the times of a transaction", async () => {
      const raw = await signed(node);
      const { result: hash } = await call(node.url, "eth_sendRawTransaction", raw);
      const status = await until(async () => {
        const { result } = await call(node.url, "bvm_getTransactionStatus", hash);
        return (result as { sealedAt: string | null }).sealedAt
          ? (result as { softAt: string; sealedAt: string; blockNumber: number })
          : undefined;
      });
      expect(Date.parse(status.softAt)).to.be.greaterThan(Date.now() - 60_000);
      const number = `0x${status.blockNumber.toString(16)}`;
      expect((await call(node.url, "bvm_getBlockData", number)).result).to.contain(raw.slice(2));
      expect((await call(node.url, "bvm_getBlockWitness", number)).result).to.match(/^0x[0-9a-f]{64,}/);
      expect((await call(node.url, "bvm_getBlockData", "0xffffff")).result).to.equal(null);
      const proof = (await call(node.url, "bvm_getProof", RICH, [], number)).result as {
        account: { present: boolean; siblings: string[] };
        receiptsHead: string;
      };
      const receipts = (await call(node.url, "bvm_getReceiptCommitments", number)).result as {
        headBefore: string;
        headAfter: string;
        receipts: { transactionHash: string; status: string; gasUsed: string; logs: object[] }[];
      };
      expect(receipts.headAfter).to.equal(proof.receiptsHead).and.to.not.equal(receipts.headBefore);
      const [receipt] = receipts.receipts;
      expect(receipt).to.deep.equal({ transactionHash: hash, status: "0x1", gasUsed: "0x5208", logs: [] });
      expect(proof.account.present).to.equal(true);
      expect(proof.account.siblings).to.have.length(32);
    });
  });

  it("refuses by what it lacks, on a chain of the program evm, what no circuit holds", async () => {
    const l3 = await runNode({ ...genesis, chainId: 1338, program: "evm" });
    try {
      const heavy = await signed(l3, {
        chainId: 1338,
        data: `0x${"01".repeat(6_000)}`,
        gasLimit: 1_000_000n,
      });
      const { error } = await call(l3.url, "eth_sendRawTransaction", heavy);
      const { code, capacity, needed, available } = error!.data as Record<string, number | string>;
      expect({ code, capacity }).to.deep.equal({ code: "CAPACITY_EXCEEDED", capacity: "dataWords" });
      expect(needed).to.be.greaterThan(available as number);
      expect((await call(l3.url, "eth_getTransactionCount", RICH, "pending")).result).to.equal("0x0");
      // Init code of 14,000 bytes that deposits the rest of it: PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN.
      const initCode = `0x61${(13_990).toString(16)}80600a5f395ff3${"01".repeat(13_990)}`;
      const large = await signed(l3, { chainId: 1338, to: null, data: initCode, gasLimit: 6_000_000n });
      const { message, data } = (await call(l3.url, "eth_sendRawTransaction", large)).error!;
      const short = data as { code: string; capacity: string; needed: number; available: number };
      expect(short.code).to.equal("CAPACITY_EXCEEDED");
      const most = EVM_CIRCUITS.map(({ capacities }) => capacities[short.capacity as Capacity]);
      expect([short.needed > short.available, short.available]).to.deep.equal([true, Math.max(...most)]);
      expect(message).to.equal(
        `too large for a proof: ${short.capacity} needs ${short.needed}, a proof has ${short.available}; do it in several transactions, a contract as smaller ones`,
      );
      const pool = (await call(l3.url, "txpool_status")).result;
      expect(pool).to.deep.equal({ pending: "0x0", queued: "0x0" });
      const tooMuchGas = await signed(l3, { chainId: 1338, gasLimit: 2n ** 29n });
      expect((await call(l3.url, "eth_sendRawTransaction", tooMuchGas)).error!.data).to.deep.include({
        ...{ code: "EVM_GAS_LIMIT", limit: String(2n ** 29n) },
      });
    } finally {
      await l3.stop();
    }
  });
});
