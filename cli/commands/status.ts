import { layout } from "../network/layout.ts";
import { readNetworkFile } from "../network/networkFile.ts";
import { readNetworkStatus } from "../view/networkStatus.ts";
import { formatStatus } from "../view/formatStatus.ts";

export async function status(options: { dataDir: string; json?: boolean }): Promise<void> {
  const network = readNetworkFile(layout(options.dataDir));
  const now = await readNetworkStatus(network);
  console.log(options.json ? JSON.stringify(now) : formatStatus(now));
}
