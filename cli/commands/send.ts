import { isAddress, JsonRpcProvider, parseEther } from "ethers";
import { StackError } from "../../protocol/errors.ts";
import { DEV_ACCOUNT_COUNT, devAccount } from "../network/devAccounts.ts";
import { layout } from "../network/layout.ts";
import { type ChainEntry, findChain, type NetworkFile, readNetworkFile } from "../network/networkFile.ts";
import { formatJourney } from "../view/formatJourney.ts";
import { readJourney } from "../view/journey.ts";
import { readPace } from "../view/pace.ts";
import { isStage, type Journey, type Stage, STAGES, SUPERSONIC_STAGES } from "../view/stages.ts";

export interface SendOptions {
  readonly chain: string;
  readonly to: string;
  readonly value: string;
  readonly from: number;
  readonly wait?: string;
  readonly dataDir: string;
  readonly json?: boolean;
}

/** Sends value from a development account; with `wait`, follows the transaction until that stage. */
export async function send(options: SendOptions): Promise<void> {
  const network = readNetworkFile(layout(options.dataDir));
  const chain = findChain(network, options.chain);
  const stage = options.wait === undefined ? undefined : parseStage(options.wait, chain);
  const hash = await sendTransfer(chain, options.from, options.to, options.value);
  if (!options.json) console.log(`sent ${options.value} to ${options.to} on ${chain.name}: ${hash}`);
  const journey = await waitForStage(
    network,
    hash,
    stage ?? "soft",
    options.json ? undefined : printNewStage(),
  );
  if (options.json) console.log(JSON.stringify(journey));
  else if (stage) console.log(formatJourney(journey, await readPace(network, chain.name)));
}

/** Signs and sends one transfer; returns its hash once the node has accepted it. @throws StackError BAD_ARGUMENT */
export async function sendTransfer(
  chain: ChainEntry,
  from: number,
  to: string,
  ether: string,
): Promise<string> {
  if (from >= DEV_ACCOUNT_COUNT) refuse(`--from below ${DEV_ACCOUNT_COUNT}`, String(from));
  if (!isAddress(to)) refuse("--to 0x and 20 bytes, its checksum right if it has one", to);
  // 18 decimals: a wei is the smallest part.
  if (!/^\d+(\.\d{1,18})?$/.test(ether)) refuse("--value as a decimal number, for example 1.5", ether);
  const provider = new JsonRpcProvider(chain.rpc, chain.chainId, { staticNetwork: true });
  try {
    const wallet = devAccount(from).connect(provider);
    const sent = await wallet.sendTransaction({ to, value: parseEther(ether), gasLimit: 21_000n });
    return sent.hash;
  } finally {
    provider.destroy();
  }
}

/** Polls until the stage is reached. Reports each journey it reads. A part that is away for a while, restarted say, is waited for. */
export async function waitForStage(
  network: NetworkFile,
  hash: string,
  goal: Stage,
  onProgress?: (journey: Journey) => void,
): Promise<Journey> {
  for (;;) {
    const journey = await readJourney(network, hash).catch(orAbsent);
    if (journey) onProgress?.(journey);
    if (journey?.stages[goal]) return journey;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Says so on the error stream: JSON goes to the other one. */
function orAbsent(error: unknown): undefined {
  if (!(error instanceof StackError) || error.severity !== "retry") throw error;
  console.error(`waiting: ${error.message}`);
}

function printNewStage(): (journey: Journey) => void {
  const seen = new Set<string>();
  return ({ stages }) => {
    for (const stage of STAGES)
      if (stages[stage] && !seen.has(stage)) {
        seen.add(stage);
        console.log(`${stages[stage]}  ${stage}`);
      }
  };
}

function parseStage(text: string, chain: ChainEntry): Stage {
  const isL3 = chain.batcher !== undefined;
  const stages = isL3 ? STAGES : SUPERSONIC_STAGES;
  if (isStage(text) && stages.includes(text)) return text;
  return refuse(`--wait ${stages.join("|")}`, text);
}

function refuse(expected: string, supplied: string): never {
  throw new StackError({ code: "BAD_ARGUMENT", expected, supplied }, "fatal");
}
