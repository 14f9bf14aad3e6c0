import { expect } from "chai";
import {
  emptyJournal,
  formatJournal,
  parseJournal,
  pruned,
  type Journal,
  type JournalEntry,
  type PairRecord,
} from "../../../agents/inscriber/journal.ts";
import { planInscriber, type BitcoinView, type InscriberLimits } from "../../../agents/inscriber/plan.ts";
import type { SealSpend } from "../../../agents/kit/bitcoin/sealTracker.ts";
import type { StackError } from "../../../protocol/errors.ts";

const limits: InscriberLimits = {
  finalConfirmations: 6,
  maxUnconfirmed: 2,
  bumpAfterBlocks: 3,
  bumpFactor: 1.25,
  maxFeeRate: 50,
};
const genesis = { txid: "genesis", vout: 0 };
const range = { firstBlock: 1, lastBlock: 10 };

const pair = (name: string, feeRate = 5): PairRecord => ({
  commitTxid: `commit-${name}`,
  commitHex: "",
  revealTxid: `reveal-${name}`,
  revealHex: "",
  leafHash: "",
  feeRate,
  feeSats: 1000n,
  change: { txid: `commit-${name}`, vout: 1, valueSats: 10n },
  signedAtHeight: 100,
});

const entry = (epoch: number, sealTxid: string, changes: Partial<JournalEntry> = {}): JournalEntry => ({
  epoch,
  ...range,
  batchCount: 0,
  stateRoot: "0x",
  bodyHash: `body-${epoch}`,
  body: "00",
  publishedAt: "",
  seal: { txid: sealTxid, vout: 0, valueSats: 546n },
  funding: { txid: "f", vout: 0, valueSats: 1n },
  pair: pair(`${epoch}`),
  replaced: [],
  inscribed: undefined,
  final: false,
  ...changes,
});

const journal = (...entries: JournalEntry[]): Journal => ({ version: 1, entries });

const spend = (txid: string, height: number): SealSpend =>
  ({ transaction: { txid }, block: { height, hash: `block-${height}` } }) as SealSpend;

const view = (changes: Partial<BitcoinView> = {}): BitcoinView => ({
  height: 100,
  feeRate: 5,
  base: genesis,
  spends: [],
  mempool: new Set(),
  bodyHashOf: () => undefined,
  ...changes,
});

const kinds = (actions: readonly { kind: string; epoch: number }[]) =>
  actions.map((a) => `${a.kind} ${a.epoch}`);

describe("planInscriber", () => {
  it("builds the first epoch when its blocks are there, and only then", () => {
    expect(planInscriber(emptyJournal, view(), undefined, limits)).to.deep.equal([]);
    expect(planInscriber(emptyJournal, view(), range, limits)).to.deep.equal([
      { kind: "build", epoch: 1, range },
    ]);
  });

  it("publishes what is signed and not in the mempool, and goes on building up to the limit", () => {
    const one = journal(entry(1, "genesis"));
    expect(kinds(planInscriber(one, view(), range, limits))).to.deep.equal(["publish 1", "build 2"]);
    const relayed = view({ mempool: new Set(["reveal-1"]) });
    expect(kinds(planInscriber(one, relayed, range, limits))).to.deep.equal(["build 2"]);
    const two = journal(entry(1, "genesis"), entry(2, "reveal-1"));
    expect(kinds(planInscriber(two, view(), range, limits))).to.deep.equal(["publish 1", "publish 2"]);
  });

  it("notes a confirmation once, again when the block is another, and finality", () => {
    const open = journal(entry(1, "genesis"));
    const confirmed = view({ spends: [spend("reveal-1", 98)] });
    expect(kinds(planInscriber(open, confirmed, undefined, limits))).to.deep.equal(["confirm 1"]);
    const inscribed = { txid: "reveal-1", block: { height: 98, hash: "block-98" }, at: "" };
    const noted = journal(entry(1, "genesis", { inscribed }));
    expect(planInscriber(noted, confirmed, undefined, limits)).to.deep.equal([]);
    const moved = view({ spends: [{ ...spend("reveal-1", 99) }] });
    expect(kinds(planInscriber(noted, moved, undefined, limits))).to.deep.equal(["confirm 1"]);
    const deep = view({ height: 103, spends: [spend("reveal-1", 98)] });
    expect(kinds(planInscriber(noted, deep, undefined, limits))).to.deep.equal(["finalise 1"]);
  });

  it("takes a confirmation back after a reorganisation, then publishes the same bytes again", () => {
    const inscribed = { txid: "reveal-1", block: { height: 98, hash: "block-98" }, at: "" };
    const lost = journal(entry(1, "genesis", { inscribed }));
    expect(kinds(planInscriber(lost, view(), range, limits))).to.deep.equal(["unconfirm 1"]);
    expect(kinds(planInscriber(journal(entry(1, "genesis")), view(), undefined, limits))).to.deep.equal([
      "publish 1",
    ]);
  });

  it("adopts a replaced pair that confirmed, and signs its successors again", () => {
    const raced = journal(entry(1, "genesis", { replaced: [pair("old")] }), entry(2, "reveal-1"));
    const seen = view({ spends: [spend("reveal-old", 99)] });
    expect(kinds(planInscriber(raced, seen, range, limits))).to.deep.equal(["adopt 1"]);
    const adopted = journal(entry(1, "genesis", { pair: pair("old") }), entry(2, "reveal-1"));
    expect(planInscriber(adopted, seen, range, limits).slice(1)).to.deep.equal([
      { kind: "resign", epoch: 2, seal: { txid: "reveal-old", vout: 0 } },
    ]);
  });

  it("reads back reveals the journal lost, and its own body under another pair", () => {
    const seen = view({ spends: [spend("reveal-lost", 99)], bodyHashOf: () => "body-1" });
    expect(kinds(planInscriber(emptyJournal, seen, range, limits))).to.deep.equal(["recover 1"]);
    expect(kinds(planInscriber(journal(entry(1, "genesis")), seen, range, limits))).to.deep.equal([
      "recover 1",
    ]);
  });

  it("stops when a stranger spends the seal", () => {
    const seen = view({ spends: [spend("theirs", 99)], bodyHashOf: () => "other" });
    try {
      planInscriber(journal(entry(1, "genesis")), seen, range, limits);
      expect.fail("planned");
    } catch (error) {
      const { type, severity } = error as StackError;
      expect(type).to.deep.equal({ code: "SEAL_SPENT_BY_STRANGER", epoch: 1, txid: "theirs", height: 99 });
      expect(severity).to.equal("fatal");
    }
  });

  it("raises the fee of the oldest pair alone, after the wait, where the market asks more, up to the cap", () => {
    const waiting = journal(entry(1, "genesis"), entry(2, "reveal-1"));
    const market = { mempool: new Set(["reveal-1", "reveal-2"]), feeRate: 12 };
    expect(planInscriber(waiting, view({ ...market, height: 102 }), undefined, limits)).to.deep.equal([]);
    expect(planInscriber(waiting, view({ ...market, height: 103 }), undefined, limits)).to.deep.equal([
      { kind: "raiseFee", epoch: 1, feeRate: 12 },
    ]);
    const slightly = view({ ...market, feeRate: 5.1, height: 103 });
    expect(planInscriber(waiting, slightly, undefined, limits)).to.deep.equal([
      { kind: "raiseFee", epoch: 1, feeRate: 6.25 },
    ]);
    const wild = view({ ...market, feeRate: 900, height: 103 });
    expect(planInscriber(waiting, wild, undefined, limits)).to.deep.equal([
      { kind: "raiseFee", epoch: 1, feeRate: 50 },
    ]);
    expect(
      planInscriber(waiting, view({ ...market, feeRate: 5, height: 103 }), undefined, limits),
    ).to.deep.equal([]);
  });

  it("writes journals that read back equal, amounts included", () => {
    const full = journal(entry(1, "genesis", { replaced: [pair("old")] }));
    const again = parseJournal(formatJournal(full));
    expect(again.entries[0]!.pair).to.deep.equal(full.entries[0]!.pair);
    expect(formatJournal(again)).to.equal(formatJournal(full));
  });
});

describe("the journal's size", () => {
  it("keeps what a step can need: the newest final epoch and all after it whole, a thousand others in short", () => {
    const inscribed = { txid: "t", block: { height: 1, hash: "h" }, at: "" };
    const final = Array.from({ length: 1200 }, (_, i) => entry(i + 1, "s", { final: true, inscribed }));
    const kept = pruned(journal(...final, entry(1201, "s"))).entries;
    expect(kept).to.have.lengthOf(1001);
    expect(kept.slice(-2).map(({ epoch, body }) => ({ epoch, body }))).to.deep.equal([
      { epoch: 1200, body: "00" },
      { epoch: 1201, body: "00" },
    ]);
    expect(kept[0]).to.include({ epoch: 201, body: "" });
    expect(kept[0]!.pair!.leafHash).to.equal("");
    expect(pruned(emptyJournal)).to.deep.equal(emptyJournal);
  });
});
