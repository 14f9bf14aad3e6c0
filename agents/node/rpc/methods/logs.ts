import { formatLog } from "../format.ts";
import { parseLogQuery } from "../logQuery.ts";
import type { RpcMethods } from "../method.ts";

export const logMethods: RpcMethods = {
  eth_getLogs: ([query], { chain }) => {
    const { filter, range } = parseLogQuery(query);
    return chain.logs(filter, range).map(formatLog);
  },
  eth_newFilter: ([query], { filters }) => filters.addLogs(parseLogQuery(query)),
  eth_newBlockFilter: (_params, { filters }) => filters.addBlocks(),
  eth_newPendingTransactionFilter: (_params, { filters }) => filters.addPendingTransactions(),
  eth_getFilterChanges: ([id], { filters }) => filters.changes(id),
  eth_getFilterLogs: ([id], { chain, filters }) => {
    const { filter, range } = filters.logQuery(id);
    return chain.logs(filter, range).map(formatLog);
  },
  eth_uninstallFilter: ([id], { filters }) => filters.remove(id),
};
