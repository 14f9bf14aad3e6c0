import { DEV_ACCOUNT_COUNT, DEV_MNEMONIC, devAccount } from "../network/devAccounts.ts";
import { DEFAULT_DATA_DIR, type Layout } from "../network/layout.ts";
import type { NetworkFile } from "../network/networkFile.ts";

/** What a user needs: where to connect, with which ids, and which accounts have money. */
export function describeNetwork(network: NetworkFile, paths: Layout): string {
  const chains = network.chains.map(
    ({ name, rpc, chainId, rollup, program }) =>
      `  ${name.padEnd(12)} ${rpc.padEnd(24)} chain id ${String(chainId).padEnd(7)} ${rollup ? `Rollup ${rollup}, proven by ${program}` : ""}`,
  );
  const accounts = [0, 1, 2].map((i) => `  ${devAccount(i).address}  ${devAccount(i).privateKey}`);
  const folder = paths.dataDir === DEFAULT_DATA_DIR ? "" : ` --data-dir ${paths.dataDir}`;
  return [
    "",
    "chains (JSON-RPC over HTTP and WebSocket; add one to a wallet by URL and chain id, symbol BTC):",
    ...chains,
    "",
    `funded development accounts, the first 3 of ${DEV_ACCOUNT_COUNT} of the well-known mnemonic "${DEV_MNEMONIC}"`,
    "(everybody has these keys: never send real money to them):",
    ...accounts,
    "",
    `light node ${network.lightNode}/status   logs ${paths.logs}`,
    "in another terminal:",
    `  ./bvm status${folder}`,
    `  ./bvm send --chain ${network.chains[1]?.name ?? "supersonic"} --to ${devAccount(1).address} --value 1 --wait verified${folder}`,
    "",
  ].join("\n");
}
