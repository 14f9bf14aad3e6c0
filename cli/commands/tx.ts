import { isHexString } from "ethers";
import { StackError } from "../../protocol/errors.ts";
import { layout } from "../network/layout.ts";
import { readNetworkFile } from "../network/networkFile.ts";
import { formatJourney } from "../view/formatJourney.ts";
import { readJourney } from "../view/journey.ts";
import { readPace } from "../view/pace.ts";

export async function tx(hash: string, options: { dataDir: string; json?: boolean }): Promise<void> {
  if (!isHexString(hash, 32))
    throw new StackError({ code: "BAD_ARGUMENT", expected: "0x and 32 bytes", supplied: hash }, "fatal");
  const network = readNetworkFile(layout(options.dataDir));
  const journey = await readJourney(network, hash);
  if (options.json) console.log(JSON.stringify(journey));
  else console.log(formatJourney(journey, await readPace(network, journey.chain)));
  if (journey.stage === null) process.exitCode = 1;
}
