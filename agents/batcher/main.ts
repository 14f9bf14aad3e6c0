import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDaClient } from "../kit/da/client.ts";
import { readKeyFile } from "../kit/evm/keyFile.ts";
import { createEvmRpc } from "../kit/evm/rpc.ts";
import { openTransactionJournal } from "../kit/evm/transactionJournal.ts";
import { TransactionSender } from "../kit/evm/transactionSender.ts";
import { createJobClient } from "../kit/jobs/client.ts";
import { runAgent } from "../kit/runAgent.ts";
import { createSettlement, SETTLEMENT_ABIS } from "./chain.ts";
import { batcherConfigSchema } from "./config.ts";
import { openBatchJournal } from "./journal.ts";
import { createLayer3 } from "./layer3.ts";
import { createBatcherService } from "./service.ts";

await runAgent({
  role: "batcher",
  schema: batcherConfigSchema,
  async create(config, context) {
    const { dataDir, supersonicChainId: chainId, confirmations, stuckAfterMs } = config;
    const { logger, clock } = context;
    await mkdir(dataDir, { recursive: true });
    const rpc = createEvmRpc({ url: config.supersonic });
    const sender = new TransactionSender({
      ...{ rpc, chainId, privateKey: await readKeyFile(config.keyFile), abis: SETTLEMENT_ABIS },
      ...{
        journal: openTransactionJournal(join(dataDir, "transactions")),
        clock,
        confirmations,
        stuckAfterMs,
      },
      logger: logger.child("sender"),
    });
    return createBatcherService(config, {
      ...context,
      settlement: createSettlement(rpc, {
        address: config.rollup,
        chainId,
        fromBlock: config.rollupFromBlock,
      }),
      layer3: createLayer3(createEvmRpc({ url: config.layer3 })),
      da: createDaClient({ url: config.da }),
      jobs: createJobClient({ url: config.jobs, logger }),
      sender,
      journal: openBatchJournal(join(dataDir, "batches")),
    });
  },
});
