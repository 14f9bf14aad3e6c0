import type { NetworkStatus } from "./networkStatus.ts";

/** The layers from Bitcoin up, one line each; latest = soft, safe = data published, finalized = verified on Bitcoin. */
export function formatStatus({ bitcoin, chains, lightNode }: NetworkStatus): string {
  const width = Math.max(10, ...chains.map((c) => c.name.length)) + 2;
  const row = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(width) + cells.map((c) => String(c).padStart(11)).join("");
  return [
    row("layer", ["latest", "safe", "finalized"]) + "  chain id  rpc",
    row("bitcoin", [bitcoin.height, "", ""]),
    ...chains.map(
      (c) => `${row(c.name, [c.latest, c.safe, c.finalized])}  ${String(c.chainId).padEnd(8)}  ${c.rpc}`,
    ),
    `light node: epoch ${lightNode.epoch} verified, Bitcoin height ${lightNode.bitcoinHeight}, state ${lightNode.state}`,
  ].join("\n");
}
