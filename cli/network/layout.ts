import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where `bvm up` keeps a network unless `--data-dir` says otherwise. */
export const DEFAULT_DATA_DIR = join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "bvm");

/** Every path of a network's data folder. */
export function layout(folder: string) {
  const dataDir = resolve(folder);
  return {
    dataDir,
    /** One configuration file for every agent: sections by role, then by instance. */
    config: join(dataDir, "bvm.json"),
    /** Public facts of the network, for the CLI. */
    network: join(dataDir, "network.json"),
    /** What a light node starts from (agents/kit/epoch/networkGenesis.ts). */
    genesisOfNetwork: join(dataDir, "genesis", "network.json"),
    /** One file a private key, readable by the owner alone. */
    keysFolder: join(dataDir, "keys"),
    key: (name: string) => join(dataDir, "keys", `${name}.key`),
    /** Pids of the last run, so that a killed `bvm up` leaves no busy port behind. */
    processes: join(dataDir, "processes.json"),
    logs: join(dataDir, "logs"),
    bitcoin: join(dataDir, "bitcoin"),
    deployment: join(dataDir, "deployment.json"),
    genesisFolder: join(dataDir, "genesis"),
    genesis: (chain: string) => join(dataDir, "genesis", `${chain}.json`),
    /** Folder of one agent's own store. */
    agent: (role: string, instance?: string) =>
      join(dataDir, instance === undefined ? role : `${role}-${instance}`),
  };
}

export type Layout = ReturnType<typeof layout>;
