import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fastify from "fastify";
import type { BlockHeader } from "../../../agents/kit/execution/blockHeader.ts";
import type { Hex } from "../../../agents/kit/hex.ts";
import { openStore } from "../../../agents/kit/lmdb.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { FinalityFollower } from "../../../agents/node/finality/finalityFollower.ts";
import type { Observation } from "../../../agents/node/finality/finalitySource.ts";
import { planHead } from "../../../agents/node/finality/planHead.ts";
import { createStatusSource } from "../../../agents/node/finality/statusSource.ts";
import { refusalOf } from "./sequencerFixture.ts";

const root = (n: bigint): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const seen = (blockNumber: bigint, seenAtHeight: bigint): Observation => ({
  blockNumber,
  seenAtHeight,
  stateRoot: root(blockNumber),
});

describe("planHead", () => {
  const head = seen(10n, 100n);
  it("moves forward", () => expect(planHead(head, seen(11n, 101n))).to.deep.equal(seen(11n, 101n)));
  it("stays when the observer lags behind", () => expect(planHead(head, seen(4n, 99n))).to.equal(head));
  it("moves back when the observer knows as much and vouches for less: a reorganisation", () =>
    expect(planHead(head, seen(4n, 100n))).to.deep.equal(seen(4n, 100n)));
  it("begins with the first observation", () => expect(planHead(undefined, head)).to.equal(head));
});

describe("finality follower", () => {
  const LATEST = 20n;
  const header = (number: bigint) => ({ number, stateRoot: root(number) }) as BlockHeader;
  const chain = {
    head: header(LATEST),
    records: { header: (number: bigint) => (number <= LATEST ? header(number) : undefined) },
  } as ConstructorParameters<typeof FinalityFollower>[0]["chain"];
  const folder = mkdtempSync(join(tmpdir(), "bvm-finality-"));
  after(() => rmSync(folder, { recursive: true }));

  it("follows both sources over HTTP, keeps the heads over a restart, and refuses another state than ours", async () => {
    const status = {
      bitcoinHeight: 100,
      chains: [{ name: "demo", chainId: 7, blockNumber: 5, stateRoot: root(5n) }],
    };
    const server = fastify();
    server.get("/status", () => status);
    const url = await server.listen({ host: "127.0.0.1", port: 0 });
    let safe: Observation | undefined;
    const moves: [bigint, bigint][] = [];
    const create = (store: ReturnType<typeof openStore>, chainId = 7n) =>
      new FinalityFollower({
        chain,
        store,
        logger: silentLogger,
        sources: { safe: { observe: async () => safe }, finalized: createStatusSource(url, chainId) },
        moved: ({ safe: s, finalized }) => moves.push([s, finalized]),
      });

    let store = openStore(folder);
    let follower = create(store);
    expect(follower.heads()).to.deep.equal({ safe: 0n, finalized: 0n });
    await follower.step();
    expect(follower.heads(), "final is safe").to.deep.equal({ safe: 5n, finalized: 5n });
    safe = seen(9n, 3n);
    await follower.step();
    expect(follower.heads()).to.deep.equal({ safe: 9n, finalized: 5n });

    status.chains[0]!.stateRoot = root(77n);
    status.chains[0]!.blockNumber = 8;
    expect(await refusalOf(follower.step())).to.deep.equal({
      code: "FINALITY_MISMATCH",
      head: "finalized",
      blockNumber: 8n,
      expected: root(8n),
      actual: root(77n),
    });
    expect(follower.heads()).to.deep.equal({ safe: 9n, finalized: 5n });

    await store.close();
    store = openStore(folder);
    follower = create(store);
    expect(follower.heads()).to.deep.equal({ safe: 9n, finalized: 5n });
    safe = seen(99n, 4n);
    status.chains[0] = { name: "demo", chainId: 7, blockNumber: 3, stateRoot: root(3n) };
    status.bitcoinHeight = 90;
    await follower.step();
    expect(
      follower.heads(),
      "never beyond the last block; a lagging light node takes nothing back",
    ).to.deep.equal({ safe: LATEST, finalized: 5n });
    status.bitcoinHeight = 101;
    await follower.step();
    expect(follower.heads().finalized, "a reorganisation does").to.equal(3n);
    expect(moves).to.deep.equal([
      [5n, 5n],
      [9n, 5n],
      [LATEST, 5n],
      [LATEST, 3n],
    ]);

    expect(await createStatusSource(url, 8n).observe(), "an unknown chain").to.equal(undefined);
    await server.close();
    expect((await refusalOf(follower.step())).code).to.equal("STATUS_UNAVAILABLE");
    await store.close();
  });
});
