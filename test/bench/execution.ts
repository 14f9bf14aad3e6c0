/**
 * Execution in one process, no HTTP: `node test/bench/execution.ts [transfers]`.
 * Wall time, other load of the machine included, and the process's own CPU time, which tells what an idle core would do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeTransaction } from "../../agents/kit/execution/decodeTransaction.ts";
import { Chain } from "../../agents/kit/execution/chain.ts";
import { parseGenesis } from "../../agents/kit/execution/genesis.ts";
import { systemClock } from "../../agents/kit/clock.ts";
import type { Hex } from "../../agents/kit/hex.ts";
import { openStore } from "../../agents/kit/lmdb.ts";
import { silentLogger } from "../../agents/kit/logger.ts";
import { Sequencer } from "../../agents/node/sequencing/sequencer.ts";
import { FEE_RECIPIENT, genesisFile, openChain, fillBlock } from "../agents/execution/chainFixture.ts";
import { signed, wallets } from "../agents/execution/wallets.ts";
import { machine } from "./machine.ts";

/** As many for each sender. */
const COUNT = Math.ceil(Number(process.argv[2] ?? 1_000) / wallets.length) * wallets.length;
const file = { ...genesisFile, gasLimit: Math.max(30_000_000, 50_000 * COUNT) };
const rows: { what: string; figure: string }[] = [];
const report = (what: string, figure: string): void => void rows.push({ what, figure });
const rate = (count: number, ms: number): string =>
  `${Math.round((count * 1000) / ms).toLocaleString("en")} /s`;

interface Took {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const perSecond = (count: number, { wallMs, cpuMs }: Took): string =>
  `${rate(count, wallMs)} wall, ${rate(count, cpuMs)} CPU`;

async function timed<T>(action: () => Promise<T> | T): Promise<[T, Took]> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await action();
  const { user, system } = process.cpuUsage(cpu);
  return [result, { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 }];
}

/** Transfers to recipients that are all new: each makes a leaf. */
async function transfers(count: number, firstNonce = 0): Promise<Uint8Array[]> {
  const of = (i: number): Hex => `0x${(0xc0ffee0000 + i).toString(16).padStart(40, "0")}`;
  return Promise.all(
    Array.from({ length: count }, (_, i) => {
      const sender = i % wallets.length;
      return signed(wallets[sender]!, {
        nonce: firstNonce + Math.floor(i / wallets.length),
        to: of(i),
        value: 1n,
      });
    }),
  );
}

async function benchChain(raw: Uint8Array[]): Promise<void> {
  const fixture = await openChain(file);
  const [, decodeTook] = await timed(() =>
    raw.forEach((bytes) => decodeTransaction(bytes, fixture.chain.common)),
  );
  report(`decode and recover, ${COUNT} transfers`, perSecond(COUNT, decodeTook));
  const [block, executeTook] = await timed(() => fillBlock(fixture, raw));
  report("decode and execute", perSecond(COUNT, executeTook));
  const [, sealTook] = await timed(() => fixture.chain.seal(block));
  report(`seal one block of ${COUNT} (tree, witness, tries, disk)`, perSecond(COUNT, sealTook));
  const known = await fillBlock(fixture, await transfers(COUNT, Math.ceil(COUNT / wallets.length)));
  const [, updateTook] = await timed(() => fixture.chain.seal(known));
  report("seal one more to the same recipients", perSecond(COUNT, updateTook));
  report(
    "witness of that one",
    `${Math.round(fixture.chain.getBlockWitness(2n)!.length / COUNT)} bytes a transfer`,
  );
  const data = fixture.chain.getBlockData(1n)!;
  await fixture.chain.rollback(0n);
  const [, againTook] = await timed(() => fixture.chain.executeBlock(fixture.machine, data));
  report("execute a sealed block again (light node)", perSecond(COUNT, againTook));
  await fixture.close();
}

async function benchSequencer(raw: Uint8Array[], parallel: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bvm-bench-"));
  const store = openStore(folder);
  const chain = await Chain.open(parseGenesis(file), store);
  const modules = {
    chain,
    store,
    machine: await chain.createMachine(),
    clock: systemClock,
    logger: silentLogger,
  };
  const options = {
    feeRecipient: FEE_RECIPIENT,
    blockTimeMs: 1_000,
    idleBlockTimeMs: 1_000,
    maxWaiting: 10_000,
    maxWaitingPerSender: 10_000,
  };
  const sequencer = new Sequencer(options, modules, { sealed: () => {}, accepted: () => {} });
  const took: number[] = [];
  const [, all] = await timed(async () => {
    for (let at = 0; at < raw.length; at += parallel)
      await Promise.all(
        raw
          .slice(at, at + parallel)
          .map(async (bytes) => took.push((await timed(() => sequencer.submit(bytes)))[1].wallMs)),
      );
  });
  took.sort((a, b) => a - b);
  const percentile = (p: number): string =>
    `${took[Math.floor(((took.length - 1) * p) / 100)]!.toFixed(1)} ms`;
  report(
    `soft confirmation on disk, ${parallel} at a time`,
    `${perSecond(raw.length, all)}, p50 ${percentile(50)}, p99 ${percentile(99)}`,
  );
  await store.close();
  rmSync(folder, { recursive: true });
}

const raw = await transfers(COUNT);
await benchChain(raw); // once to warm up
rows.length = 0;
await benchChain(raw);
await benchSequencer(raw, 1);
await benchSequencer(raw, 100);
console.log(machine());
for (const { what, figure } of rows) console.log(`| ${what} | ${figure} |`);
