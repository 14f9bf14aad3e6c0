import { homedir } from "node:os";
import { join } from "node:path";

/** Where `bvm up` keeps a network unless `--data-dir` says otherwise. */
export const DEFAULT_DATA_DIR = join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "bvm");

/** Every path of a network's data folder. */
export function layout(dataDir: string) {
  return {
    dataDir,
    /** One configuration file for every agent: sections by role, then by instance. */
    config: join(dataDir, "bvm.json"),
    /** Public facts of the network: what a light node needs, and what the CLI prints. */
    network: join(dataDir, "network.json"),
    /** Private keys of the agents, readable by the owner alone. */
    keys: join(dataDir, "keys.json"),
    /** Pids of the last run, so that a killed `bvm up` leaves no busy port behind. */
    processes: join(dataDir, "processes.json"),
    logs: join(dataDir, "logs"),
    bitcoin: join(dataDir, "bitcoin"),
    deployments: join(dataDir, "deployments.json"),
    genesis: (chain: string) => join(dataDir, "genesis", `${chain}.json`),
    agent: (role: string, instance: string) => join(dataDir, role, instance),
  };
}

export type Layout = ReturnType<typeof layout>;
