import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureKey } from "../../cli/network/keys.ts";
import { layout, type Layout } from "../../cli/network/layout.ts";
import { type ChainEntry, type NetworkFile, writeNetworkFile } from "../../cli/network/networkFile.ts";

const url = (port: number): string => `http://127.0.0.1:${port}`;
const address = (digit: number): string => `0x${String(digit).repeat(40)}`;

export const l3 = (name: string, digit: number): ChainEntry => ({
  name,
  chainId: 100 + digit,
  program: "evm",
  rpc: url(9000 + digit),
  batcher: url(9100 + digit),
  rollup: `0x${"Ab".repeat(19)}${digit}${digit}`,
});

/** A network whose creation is complete, with one L3 of the name `demo`. */
export const network: NetworkFile = {
  version: 1,
  bitcoin: { network: "regtest", rpc: url(9200), cookieFile: "/tmp/.cookie" },
  da: url(9201),
  queue: "postgres://postgres@127.0.0.1:9202/postgres",
  queueStatus: url(9203),
  prover: url(9204),
  inscriber: url(9205),
  lightNode: url(9206),
  attesters: [url(9207), url(9208), url(9209)],
  chains: [{ name: "supersonic", chainId: 1337, program: "none", rpc: url(8545) }, l3("demo", 1)],
  seal: { txid: "ab".repeat(32), vout: 0, script: "51", height: 102, blockHash: "cd".repeat(32) },
  settlement: {
    rollupFactory: address(1),
    proofVerifier: address(2),
    dataAvailabilityCommittee: address(3),
    program: `0x${"1".repeat(64)}`,
  },
};

/** A folder with the network's file and the keys its configuration is composed from. */
export async function makeNetworkFolder(file: NetworkFile = network): Promise<Layout> {
  const paths = layout(mkdtempSync(join(tmpdir(), "bvm-network-")));
  await ensureKey(paths, "deployer");
  await writeNetworkFile(paths, file);
  return paths;
}
