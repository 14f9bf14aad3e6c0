import { type Deployed, coinsOf, deployCoin, transferCoin } from "../demo/demoCoin.ts";
import { devAccount } from "../network/devAccounts.ts";
import { type ChainEntry, l3Chains, type NetworkFile } from "../network/networkFile.ts";
import { formatJourney } from "../view/formatJourney.ts";
import { readJourney } from "../view/journey.ts";
import { readPace } from "../view/pace.ts";
import { STAGES } from "../view/stages.ts";
import type { Reporter } from "./reporter.ts";

/** The demo's transfer on its way: asked for its state again and again. */
export interface DemoJourney {
  /** Its stages and the balances so far as text; tells new stages as lines. Undefined: it could not be sent, which is told once. */
  show(): Promise<string | undefined>;
}

const SUPPLY = 1_000_000n;

interface Sent {
  readonly coin: Deployed;
  /** Of the last transfer. */
  readonly hash: string;
}

/** Creates an OpenZeppelin token on the first L3, transfers some of it twice, and follows the last transfer to Bitcoin. */
export function startDemo(network: NetworkFile, reporter: Reporter): DemoJourney | undefined {
  const chain = l3Chains(network)[0];
  if (!chain) return undefined;
  const sent = sendDemo(chain, reporter).catch((error: unknown) => {
    reporter.line(`demo: ${error instanceof Error ? error.message : String(error)}`);
  });
  const startedAt = Date.now();
  const told = new Set<string>();
  return {
    async show() {
      const made = await sent;
      if (!made) return undefined;
      const { coin, hash } = made;
      const journey = await readJourney(network, hash);
      for (const stage of STAGES) {
        const at = journey.stages[stage];
        if (!at || told.has(stage)) continue;
        told.add(stage);
        reporter.line(
          `demo transfer ${hash.slice(0, 10)}… ${stage.padEnd(9)} after ${((Date.parse(at) - startedAt) / 1000).toFixed(1)} s`,
        );
      }
      const balances = await formatBalances(chain, coin.address);
      return `${formatJourney(journey, await readPace(network, chain.name))}\n${balances}`;
    },
  };
}

async function sendDemo(chain: ChainEntry, reporter: Reporter): Promise<Sent> {
  const coin = await deployCoin(chain, 0, SUPPLY);
  reporter.line(`demo token ${coin.address} on ${chain.name}: an OpenZeppelin ERC-20`);
  await transferCoin(chain, coin.address, { from: 0, to: devAccount(1).address, amount: 1_000n });
  const hash = await transferCoin(chain, coin.address, { from: 1, to: devAccount(2).address, amount: 250n });
  return { coin, hash };
}

async function formatBalances(chain: ChainEntry, coin: string): Promise<string> {
  const balances = await Promise.all([0, 1, 2].map((i) => coinsOf(chain, coin, devAccount(i).address)));
  const texts = balances.map((balance, i) => `account ${i}: ${balance ?? "-"}`);
  return `  DEMO at ${coin}: ${texts.join(", ")}`;
}
