import { layout } from "../network/layout.ts";
import { readNetworkFile } from "../network/networkFile.ts";
import { formatJourney } from "../view/formatJourney.ts";
import { readJourney } from "../view/journey.ts";
import { readPace } from "../view/pace.ts";

export async function tx(hash: string, options: { dataDir: string; json?: boolean }): Promise<void> {
  const network = readNetworkFile(layout(options.dataDir));
  const journey = await readJourney(network, hash);
  if (options.json) console.log(JSON.stringify(journey));
  else console.log(formatJourney(journey, await readPace(network, journey.chain)));
  if (journey.stage === null) process.exitCode = 1;
}
