import { Command, Option } from "commander";
import { StackError } from "../protocol/errors.ts";
import { DEFAULT_PROGRAM, provenProgramNames } from "../protocol/programs/provenPrograms.ts";
import { AGENT_ROLES, runAgentCommand } from "./commands/agent.ts";
import { DEFAULT_DATA_DIR } from "./network/layout.ts";

// Commands are imported when they run: `bvm test` must not pay for what `bvm up` needs.

const program = new Command("bvm")
  .description(
    "Bitcoin Virtual Machine: an EVM L2 proven in zero knowledge and anchored in Bitcoin, and L3 chains on it",
  )
  .version("0.1.0")
  .showHelpAfterError();

const dataDir = () =>
  new Option("--data-dir <folder>", "where the network keeps everything").default(DEFAULT_DATA_DIR);
const json = () => new Option("--json", "print JSON");

program
  .command("up")
  .description(
    "run the whole stack on this machine: Bitcoin regtest, Supersonic, L3s, prover, inscriber, light node",
  )
  .addOption(dataDir())
  .option(
    "--l3 <count>",
    `how many L3 chains, proven by ${DEFAULT_PROGRAM}, a new network gets`,
    parseCount,
    1,
  )
  .option("--no-ui", "print plain lines instead of the live screen")
  .option("--no-demo", "make no demo token and no demo transfer")
  .action(async (options) => (await import("./commands/up.ts")).up(options));

program
  .command("setup")
  .description(
    "build ahead of time what the first run needs: reference string, program keys, verifiers, bitcoind",
  )
  .option(
    "--crs <source>",
    "reference string: local (development only), aztec (bb's own download) or a .ptau file",
    "local",
  )
  .addOption(json())
  .action(async (options) => (await import("./commands/setup.ts")).setup(options));

program
  .command("test")
  .description("run what continuous integration runs, or some parts of it")
  .argument(
    "[parts...]",
    "format, lint, types, protocol, contracts, circuits, circuits-slow, proving, agents, cli, e2e",
  )
  .action(async (parts: string[]) => {
    process.exitCode = await (await import("./test/runParts.ts")).runTestParts(parts, process.cwd());
  });

program
  .command("status")
  .description("heights and finality of every chain of a running network")
  .addOption(dataDir())
  .addOption(json())
  .action(async (options) => (await import("./commands/status.ts")).status(options));

program
  .command("tx")
  .description("where a transaction stands: soft, sealed, published, proven, settled, inscribed, verified")
  .argument("<hash>", "transaction hash")
  .addOption(dataDir())
  .addOption(json())
  .action(async (hash: string, options) => (await import("./commands/tx.ts")).tx(hash, options));

program
  .command("send")
  .description("send value from a funded development account")
  .requiredOption("--chain <name>", "chain name, for example demo")
  .requiredOption("--to <address>", "recipient")
  .requiredOption("--value <ether>", "amount in ether, for example 1.5")
  .option("--from <index>", "which development account pays", parseCount, 0)
  .option("--wait <stage>", "wait until this stage is reached")
  .addOption(dataDir())
  .addOption(json())
  .action(async (options) => (await import("./commands/send.ts")).send(options));

const l3 = program.command("l3").description("L3 chains");
l3.command("create")
  .description(
    "create an L3 on a network: its genesis, its Rollup contract and the configuration of its agents",
  )
  .argument("<name>", "chain name: lower-case letters, digits, dashes")
  .option("--program <program>", `what proves it: ${provenProgramNames().join(" or ")}`, DEFAULT_PROGRAM)
  .option("--chain-id <id>", "chain id (default: the next free one)", parseId)
  .addOption(dataDir())
  .addOption(json())
  .action(async (name: string, options) => (await import("./commands/l3Create.ts")).l3Create(name, options));

for (const role of AGENT_ROLES)
  program
    .command(role.name)
    .description(role.what)
    .option("--config <file>", "the network's configuration file (default: bvm.json in the data folder)")
    .option("--name <instance>", "which instance of the configuration, for example the chain's name")
    .addOption(dataDir())
    .action((options) => runAgentCommand(role.name, options));

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof StackError ? `bvm: ${error.message}` : error);
  process.exitCode = 1;
}

function parseCount(text: string): number {
  return Number(parseId(text));
}

function parseId(text: string): bigint {
  if (/^\d+$/.test(text)) return BigInt(text);
  throw new StackError({ code: "BAD_ARGUMENT", expected: "a whole number", supplied: text }, "fatal");
}
