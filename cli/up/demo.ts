import { devAccount } from "../network/devAccounts.ts";
import { l3Chains, type NetworkFile } from "../network/networkFile.ts";
import { sendTransfer } from "../commands/send.ts";
import { formatJourney } from "../view/formatJourney.ts";
import { readJourney } from "../view/journey.ts";
import { readPace } from "../view/pace.ts";
import { STAGES } from "../view/stages.ts";
import type { Reporter } from "./reporter.ts";

/** The demo transfer on its way: asked for its state again and again. */
export interface DemoJourney {
  /** Its stages so far as text; tells new stages as lines. Undefined before it is sent. */
  show(): Promise<string | undefined>;
}

/** Sends one transfer on the first L3, and follows it to Bitcoin. */
export function startDemo(network: NetworkFile, reporter: Reporter): DemoJourney | undefined {
  const chain = l3Chains(network)[0];
  if (!chain) return undefined;
  const sent = sendTransfer(chain, 0, devAccount(1).address, "1");
  const startedAt = Date.now();
  const told = new Set<string>();
  return {
    async show() {
      const hash = await sent;
      const journey = await readJourney(network, hash);
      for (const stage of STAGES) {
        const at = journey.stages[stage];
        if (!at || told.has(stage)) continue;
        told.add(stage);
        reporter.line(
          `demo transfer ${hash.slice(0, 10)}… ${stage.padEnd(9)} after ${((Date.parse(at) - startedAt) / 1000).toFixed(1)} s`,
        );
      }
      return formatJourney(journey, await readPace(network, chain.name));
    },
  };
}
