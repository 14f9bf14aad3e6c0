import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import { sendTransfer } from "../../cli/commands/send.ts";
import { devAccount } from "../../cli/network/devAccounts.ts";
import type { ChainEntry } from "../../cli/network/networkFile.ts";
import { readJourney } from "../../cli/view/journey.ts";
import type { Journey, Stage } from "../../cli/view/stages.ts";
import { balanceOf, countInBlocks, expectBatchesContiguous, expectSameAccount } from "./observe.ts";
import type { RunningNetwork } from "./runningNetwork.ts";
import { until } from "./until.ts";

interface Sent {
  readonly chain: string;
  readonly hash: string;
  readonly from: number;
}

interface Payment extends Sent {
  readonly to: string;
  readonly ether: string;
}

export const newAddress = (): string => Wallet.createRandom().address;

/** Everything paid in a run, to be compared with what the chains, the contracts and the light node say at its end. */
export class Payments {
  readonly all: Payment[] = [];
  /** Transactions that are not payments. */
  readonly #others: Sent[] = [];
  readonly #network: RunningNetwork;

  constructor(network: RunningNetwork) {
    this.#network = network;
  }

  async send(chain: string, from: number, to: string, ether: string): Promise<string> {
    const hash = await sendTransfer(this.#network.chain(chain), from, to, ether);
    this.note(chain, hash, from, to, ether);
    return hash;
  }

  noteOther(chain: string, hash: string, from: number): void {
    this.#others.push({ chain, hash, from });
  }

  note(chain: string, hash: string, from: number, to: string, ether: string): void {
    this.all.push({ chain, hash, from, to, ether });
  }

  /** Until the transaction has come to `stage`. */
  reached(hash: string, stage: Stage): Promise<Journey> {
    return until(`${hash} is ${stage}`, async () => {
      const journey = await readJourney(this.#network.facts(), hash);
      return journey.stages[stage] !== undefined && journey;
    });
  }

  async allReached(stage: Stage): Promise<Journey[]> {
    const journeys: Journey[] = [];
    for (const { hash } of [...this.all, ...this.#others]) journeys.push(await this.reached(hash, stage));
    return journeys;
  }

  /** Each payment was made once, settled once, and the light node holds the same accounts as the chains' own nodes. */
  async expectSettledOnce(): Promise<void> {
    const facts = this.#network.facts();
    const sent = [...this.all, ...this.#others];
    for (const name of new Set(sent.map(({ chain }) => chain))) {
      const chain = this.#network.chain(name);
      const paid = this.all.filter((payment) => payment.chain === name);
      const settled = await expectBatchesContiguous(this.#network.chain("supersonic").rpc, chain.rollup!);
      const counts = await countInBlocks(chain, settled);
      const own = sent.filter(({ chain: of }) => of === name);
      for (const { hash } of own) expect(counts.get(hash), `${hash} on ${name}`).to.equal(1);
      expect(counts.size, `transactions on ${name}`).to.equal(own.length);
      await this.#expectBalances(chain, paid);
      const people = [...paid.map(({ to }) => to), ...own.map(({ from }) => devAccount(from).address)];
      for (const address of new Set(people)) await expectSameAccount(facts, chain, address);
    }
  }

  async #expectBalances(chain: ChainEntry, paid: readonly Payment[]): Promise<void> {
    const got = new Map<string, bigint>();
    for (const { to, ether } of paid) got.set(to, (got.get(to) ?? 0n) + parseEther(ether));
    for (const [address, sum] of got) expect(await balanceOf(chain, address), address).to.equal(sum);
  }
}
