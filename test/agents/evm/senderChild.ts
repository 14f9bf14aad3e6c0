// Adds 1 for each of the intentions given, one after the other, and says so. Killed and started again by killedSender.test.ts.
import { Interface } from "ethers";
import { systemClock } from "../../../agents/kit/clock.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createEvmRpc } from "../../../agents/kit/evm/rpc.ts";
import { openTransactionJournal } from "../../../agents/kit/evm/transactionJournal.ts";
import { TransactionSender } from "../../../agents/kit/evm/transactionSender.ts";
import { DEV_CHAIN_ID, DEV_KEY } from "./devChain.ts";

const [url, folder, to, intentions] = process.argv.slice(2) as [string, string, string, string];
const abi = new Interface(["function add(uint256 amount, string word)"]);
const sender = new TransactionSender({
  rpc: createEvmRpc({ url }),
  chainId: DEV_CHAIN_ID,
  privateKey: DEV_KEY,
  journal: openTransactionJournal(folder),
  abis: [abi],
  clock: systemClock,
  logger: silentLogger,
  stuckAfterMs: 200,
});
for (let i = 0; i < Number(intentions); i++) {
  const key = `intention ${i}`;
  await sender.send({ key, to, data: abi.encodeFunctionData("add", [1n, key]) }, 5);
  process.stdout.write(`${i}\n`);
}
process.exit(0);
