import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { layout } from "../network/layout.ts";

export const AGENT_ROLES = [
  { name: "node", what: "run a chain: Supersonic or an L3" },
  { name: "da", what: "run the local data availability server" },
  { name: "attester", what: "run a member of the data availability committee" },
  { name: "queue", what: "run the embedded job queue (not needed with PostgreSQL)" },
  { name: "prover", what: "run a prover" },
  { name: "batcher", what: "run the batcher of an L3" },
  { name: "inscriber", what: "run the inscriber" },
  { name: "light-node", what: "run a light node" },
] as const;

export type AgentRole = (typeof AGENT_ROLES)[number]["name"];

/** The command line that runs one agent; the supervisor and `bvm <agent>` use the same. */
export function agentCommand(
  role: AgentRole,
  configFile: string,
  instance?: string,
): { command: string; args: string[] } {
  const main = fileURLToPath(new URL(`../../agents/${role}/main.ts`, import.meta.url));
  const name = instance === undefined ? [] : ["--name", instance];
  return {
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", main, "--config", configFile, ...name],
  };
}

/** Runs one agent in the foreground; signals reach it, its exit code becomes ours. */
export function runAgentCommand(
  role: AgentRole,
  options: { config?: string; name?: string; dataDir: string },
): Promise<void> {
  const { command, args } = agentCommand(
    role,
    options.config ?? layout(options.dataDir).config,
    options.name,
  );
  const child = spawn(command, args, { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", forward);
  process.on("SIGINT", forward);
  return new Promise((resolve) => {
    child.on("exit", (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
