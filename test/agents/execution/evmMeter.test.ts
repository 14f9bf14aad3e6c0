import { expect } from "chai";
import { getCreateAddress, type TransactionRequest } from "ethers";
import type { BlockExecution } from "../../../agents/kit/execution/blockExecution.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { programs } from "../../../agents/kit/execution/programs.ts";
import { measureEvm } from "../../../circuits/programs/evm/evmPlan.ts";
import { openAncestors } from "../../../protocol/ancestors.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import { type Capacity, type Profile } from "../../../protocol/evm/capacities.ts";
import { addUse, shortageOf, type Use } from "../../../protocol/programs/capacity.ts";
import { EVM_CIRCUITS, EVM_PROOFS } from "../../../protocol/programs/evmChunks.ts";
import { joinWitnesses } from "../../../protocol/state/joinWitnesses.ts";
import { decodeWitness } from "../../../protocol/state/witness.ts";
import { demoCoinBytecode } from "../../../generated/bytecode/DemoCoin.ts";
import { cutChunks } from "../../../protocol/programs/cutChunks.ts";
import { fixtures } from "../../protocol/evm/machine/compileFixtures.ts";
import { PLAIN_COIN } from "../../evm/plainCoin.ts";
import { Random } from "../../protocol/random.ts";
import { FEE_RECIPIENT, genesisFile, openChain, type Fixture } from "./chainFixture.ts";
import { addressOf, signed, wallets } from "./wallets.ts";

const SUPPLY = (10n ** 24n).toString(16).padStart(64, "0");
const random = new Random();

/** A chain of the program `evm` whose blocks are metered as a sequencer does. */
class MeteredChain {
  readonly #fixture: Fixture;
  readonly #nonces = wallets.map(() => 0);

  constructor(fixture: Fixture) {
    this.#fixture = fixture;
  }

  get chain() {
    return this.#fixture.chain;
  }

  begin(): BlockExecution {
    const { chain, machine } = this.#fixture;
    const timestamp = chain.head.timestamp + 1n;
    return chain.beginMetered(machine, chain.headAsParent(), { timestamp, feeRecipient: FEE_RECIPIENT });
  }

  async add(block: BlockExecution, from: number, request: TransactionRequest): Promise<void> {
    const nonce = this.#nonces[from]!;
    const raw = await signed(wallets[from]!, { nonce, gasLimit: 2_000_000n, ...request });
    await block.execute(decodeTransaction(raw, this.chain.common));
    this.#nonces[from] = nonce + 1;
  }

  /** What the plan of a proof of these blocks counts in a profile, in its own terms. */
  measure(profile: Profile, first: bigint, last: bigint): Map<Capacity, number> {
    const numbers = Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i));
    const previous = this.chain.tip(first - 1n);
    const plan = measureEvm(profile, {
      chainId: this.chain.genesis.chainId,
      gasLimit: this.chain.genesis.gasLimit,
      previous,
      blocks: numbers.map((number) => decodeBlock(this.chain.getBlockData(number)!)),
      state: joinWitnesses(numbers.map((number) => decodeWitness(this.chain.getBlockWitness(number)!))),
      ancestors: openAncestors({ oldest: previous.dataHash, digests: [] }, previous.dataHash),
    });
    return new Map(plan.shortages().map(({ capacity, needed }) => [capacity, needed]));
  }
}

describe(`the meter of the program evm (seed ${random.seed})`, () => {
  let fixture: Fixture;
  let metered: MeteredChain;
  beforeEach(async () => {
    fixture = await openChain({ ...genesisFile, program: "evm" });
    metered = new MeteredChain(fixture);
  });
  afterEach(() => fixture.close());

  const token = getCreateAddress({ from: addressOf(wallets[0]!), nonce: 0 });
  const deployment: TransactionRequest = { to: null, data: PLAIN_COIN.bytecode + SUPPLY };
  const call = (name: string, values: unknown[]): TransactionRequest => ({
    to: token,
    data: PLAIN_COIN.abi.encodeFunctionData(name, values),
  });

  async function seal(fill: (block: BlockExecution) => Promise<void>): Promise<Use> {
    const block = metered.begin();
    await fill(block);
    await metered.chain.seal(block);
    return block.provingNeeds!.use;
  }

  /** A random mix; a transaction that does not fit stays out. */
  async function randomBlock(): Promise<Use> {
    return seal(async (block) => {
      for (let left = random.below(4); left > 0; left--) {
        const [from, to] = [random.below(wallets.length), random.below(wallets.length)];
        const amount = BigInt(random.below(5));
        const stranger = `0x${(1000 + random.below(5)).toString(16).padStart(40, "0")}`;
        const kinds: TransactionRequest[] = [
          call("transfer", [addressOf(wallets[to]!), amount]),
          call("transfer", [addressOf(wallets[to]!), 10n ** 30n]),
          { to: addressOf(wallets[to]!), value: amount },
          { to: stranger, value: amount },
          deployment,
        ];
        try {
          await metered.add(block, from, kinds[random.below(kinds.length)]!);
        } catch (error) {
          expect((error as { type: { code: string } }).type.code).to.equal("BLOCK_CAPACITY_EXHAUSTED");
        }
      }
    });
  }

  it("counts at least what the plan of any blocks together takes, in every profile that holds them", async () => {
    const uses = [await seal((block) => metered.add(block, 0, deployment))];
    for (let i = 0; i < 7; i++) uses.push(await randomBlock());
    let held = 0;
    for (let from = 0; from < uses.length; from++)
      for (let to = from; to < uses.length; to++) {
        const sum = uses.slice(from, to + 1).reduce((a, b) => addUse(a, b, EVM_PROOFS.greatest));
        for (const profile of EVM_CIRCUITS) {
          const own = EVM_PROOFS.profiles.filter(({ name }) => name === profile.name);
          if (shortageOf({ ...EVM_PROOFS, profiles: own }, sum)) continue;
          held++;
          const short = metered.measure(profile, BigInt(from + 1), BigInt(to + 1));
          expect([...short], `${profile.name}: blocks ${from + 1} to ${to + 1}`).to.deep.equal([]);
        }
      }
    expect(held).to.be.greaterThan(8);
  }).timeout(120_000);

  it("lets contracts of ordinary size be created, and the demo's token", async () => {
    const coins = `${"0".repeat(60)}ffff`;
    for (const code of [
      demoCoinBytecode,
      fixtures.get("Collectible")!.bytecode,
      fixtures.get("Corners")!.bytecode,
      fixtures.get("Counter")!.bytecode,
    ])
      await seal((block) => metered.add(block, 1, { to: null, data: code + coins }));
    for (const number of [1n, 2n, 3n, 4n])
      expect(cutChunks(EVM_PROOFS, [metered.chain.records.provingNeeds(number)!.use])[0]!.circuit).to.equal(
        "evm-deploy",
      );
  }).timeout(60_000);

  it("refuses a transaction that no circuit holds by what it lacks, and it leaves no trace", async () => {
    const block = metered.begin();
    await metered.add(block, 0, { to: addressOf(wallets[1]!), value: 1n });
    const before = { needs: block.provingNeeds, accounts: new Set(block.accesses.accounts) };
    // 6,000 bytes that do nothing: no circuit has room for so much data.
    const heavy = signed(wallets[1]!, {
      to: token,
      nonce: 0,
      gasLimit: 2_000_000n,
      data: `0x${"01".repeat(6000)}`,
    });
    const error = await block.execute(decodeTransaction(await heavy, metered.chain.common)).then(
      () => undefined,
      (thrown: { type: Record<string, unknown> }) => thrown.type,
    );
    expect(error).to.include({ code: "CAPACITY_EXCEEDED" });
    expect(error!.needed).to.be.greaterThan(error!.available as number);
    expect({ needs: block.provingNeeds, accounts: new Set(block.accesses.accounts) }).to.deep.equal(before);
  });

  it("refuses what the machine does not agree on", async () => {
    const { createMeter } = programs.evm.proof!;
    const block = metered.begin();
    const raw = await signed(wallets[0]!, { to: addressOf(wallets[1]!), value: 1n, nonce: 0 });
    const tx = decodeTransaction(raw, metered.chain.common);
    const receipt = await block.execute(tx);
    const site = {
      chainId: metered.chain.genesis.chainId,
      environment: block.environment,
      state: metered.chain.state(0n),
    };
    const changes = block.changeSets[0]!;
    const { gasUsed } = receipt;
    createMeter(site).measure({ tx, changes, gasUsed });
    const disputed = (executed: { changes: typeof changes; gasUsed: bigint }): unknown => {
      try {
        createMeter(site).measure({ tx, ...executed });
      } catch (error) {
        return (error as { type: unknown }).type;
      }
      return undefined;
    };
    const named = { code: "EXECUTION_DISPUTED", hash: tx.hash };
    expect(disputed({ changes, gasUsed: gasUsed + 1n })).to.deep.equal({ ...named, part: "gasUsed" });
    const part = addressOf(wallets[1]!);
    const accounts = new Map(changes.accounts);
    accounts.set(part, { ...accounts.get(part)!, balance: 0n });
    expect(disputed({ changes: { ...changes, accounts }, gasUsed })).to.deep.equal({ ...named, part });
  });
});
