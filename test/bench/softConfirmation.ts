/**
 * From sending a raw transaction over HTTP to its receipt: durable acceptance and execution, as a wallet sees it.
 * Usage: node test/bench/softConfirmation.ts [transactions]
 */
import { Wallet } from "ethers";
import { call, genesis, RICH_KEY, runNode } from "../agents/node/rpc/runningNode.ts";
import { machine } from "./machine.ts";

const count = Number(process.argv[2] ?? 500);
const node = await runNode(genesis);
const wallet = new Wallet(RICH_KEY);
const raws: string[] = [];
for (let nonce = 0; nonce < count; nonce++) {
  const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 6n, gasLimit: 21_000n };
  const to = `0x${(nonce + 1).toString(16).padStart(40, "0")}`;
  raws.push(await wallet.signTransaction({ type: 2, chainId: 1337, nonce, to, value: 1n, ...fees }));
}

const accepted: number[] = [];
const confirmed: number[] = [];
for (const raw of raws) {
  const started = performance.now();
  const { result: hash, error } = await call(node.url, "eth_sendRawTransaction", raw);
  if (error) throw new Error(error.message);
  accepted.push(performance.now() - started);
  const { result } = await call(node.url, "eth_getTransactionReceipt", hash);
  if (!result) throw new Error("no receipt at once");
  confirmed.push(performance.now() - started);
}
await node.stop();

const percentile = (values: number[], p: number): string =>
  values
    .toSorted((a, b) => a - b)
    [Math.min(values.length - 1, Math.floor((values.length * p) / 100))]!.toFixed(1);
const row = (what: string, values: number[]): string =>
  `| ${what} | ${percentile(values, 50)} | ${percentile(values, 99)} | ${(Number(percentile(values, 50)) / Number(percentile(accepted, 50))).toFixed(2)} |`;
console.log(`\n## Soft confirmation over HTTP, ${count} transfers one after the other\n${machine()}\n`);
console.log("| what | p50, ms | p99, ms | ratio of p50 |\n| --- | --- | --- | --- |");
console.log(row("accepted: on the disk, executed, hash answered", accepted));
console.log(row("with its receipt fetched", confirmed));
