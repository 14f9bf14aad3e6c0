/**
 * The prover who lies. Each test changes what the planner believes, or one value while the circuit is filled, lets everything
 * after it follow from the lie, and names the constraint that refuses it.
 */
import { expect } from "chai";
import { concatBytes } from "../../../protocol/bytes.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import { encodeBlock } from "../../../protocol/block.ts";
import { BASE_FEE_CHANGE_DENOMINATOR } from "../../../protocol/constants.ts";
import type { AccountState } from "../../../protocol/state/account.ts";
import { encodeRlp, keccak256, SigningKey, toBeHex, Transaction, type Wallet } from "ethers";
import { check } from "../../../circuits/builder/check.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { decodeTransfer, type DecodedTransfer } from "../../../circuits/programs/transfers/decodeTransfer.ts";
import {
  type ProvenBlock,
  TransfersPlanner,
  type TransfersInput,
  type TransfersPlan,
} from "../../../circuits/programs/transfers/plan.ts";
import type { StateReplay } from "../../../circuits/programs/transfers/stateReplay.ts";
import { type Lie, LyingBuilder } from "../gadgets/lyingBuilder.ts";
import {
  addressOf,
  CHAIN_ID,
  DemoChain,
  type DemoBlock,
  type DemoTransfer,
  MINER,
  wallet,
} from "./demoChain.ts";

const PARAMETERS = { transfers: 3, blocks: 3, depth: 32 };
const NOBODY = `0x${"ab".repeat(20)}` as const;
const pay = (fields: Partial<DemoTransfer> = {}): DemoTransfer => ({
  from: 0,
  to: addressOf(1),
  value: 5n,
  ...fields,
});
const BLOCKS: DemoBlock[] = [{ transfers: [] }, { transfers: [pay(), pay({ from: 2, to: NOBODY })] }];

const input = (blocks = BLOCKS, chain = new DemoChain()): Promise<TransfersInput> => chain.input(blocks);

/** A dynamic-fee transfer of these fields, whatever they are. */
function signByHand(signer: Wallet, fields: readonly bigint[]): Uint8Array {
  const items = [...fields.map((value) => (value === 0n ? "0x" : toBeHex(value))), "0x", []];
  const digest = keccak256(`0x02${encodeRlp(items).slice(2)}`);
  const { yParity, r, s } = signer.signingKey.sign(digest);
  const bare = (hex: string): string => (BigInt(hex) === 0n ? "0x" : toBeHex(BigInt(hex)));
  const signed = encodeRlp([...items, yParity === 0 ? "0x" : "0x01", bare(r), bare(s)]);
  return Uint8Array.from(Buffer.from(`02${signed.slice(2)}`, "hex"));
}

interface Cheat {
  readonly input?: TransfersInput;
  readonly planner?: typeof TransfersPlanner;
  readonly plan?: (honest: TransfersPlan) => TransfersPlan;
  readonly lies?: Record<string, Lie>;
}

/** The constraints that a cheat breaks. */
async function broken({
  input: given,
  planner = TransfersPlanner,
  plan = (honest) => honest,
  lies = {},
}: Cheat): Promise<string[]> {
  const blocks = given ?? (await input());
  const one = new planner(blocks);
  for (const block of blocks.blocks) one.addBlock(block);
  const builder = new LyingBuilder(lies);
  const { circuit, witness } = buildTransfers(PARAMETERS, plan(one.finish()), builder);
  expect([...builder.told].sort(), "every lie was told").to.deep.equal(Object.keys(lies).sort());
  return check(circuit, witness, 1_000).broken.map(({ name }) => name);
}

const refuses = async (cheat: Cheat, constraint: string): Promise<void> => {
  expect(await broken(cheat)).to.include(constraint);
};

/** The same blocks with something changed in what is proven of one of them. */
const withBlock = (
  given: TransfersInput,
  i: number,
  change: (data: ProvenBlock["data"]) => object,
): TransfersInput => ({
  ...given,
  blocks: given.blocks.map((block, j) =>
    i === j ? { ...block, data: { ...block.data, ...change(block.data) } } : block,
  ),
});

describe("transfers refuses a lying prover", function () {
  this.timeout(60_000);

  it("and believes an honest one", async () => expect(await broken({})).to.deep.equal([]));

  describe("about the signer", () => {
    class Thief extends TransfersPlanner {
      protected override decode(raw: Uint8Array): DecodedTransfer {
        const honest = super.decode(raw);
        return honest.sender === addressOf(0) ? { ...honest, sender: addressOf(3) } : honest;
      }
    }
    it("who pays from another account", () => refuses({ planner: Thief }, "transfer[0].debit.leaf.oldLeaf"));

    it("who gives another key", async () => {
      const victim = SigningKey.computePublicKey(`0x${"04".padStart(64, "0")}`, false);
      const key = { x: BigInt(`0x${victim.slice(4, 68)}`), y: BigInt(`0x${victim.slice(68)}`) };
      const plan = (honest: TransfersPlan) => ({
        ...honest,
        transfers: honest.transfers.map((t, i) => (i === 0 ? { ...t, publicKey: key } : t)),
      });
      class Both extends Thief {}
      const constraints = await broken({ planner: Both, plan });
      // The state is consistent with the victim as sender: the signature alone refuses.
      expect(constraints).to.deep.equal(["transfer[0].signer.signature.holds"]);
    });

    it("who takes the key of the other parity, whose account exists", async () => {
      const chain = new DemoChain();
      const raw = await chain.sign(pay(), 0n, chain.tip.baseFee);
      const tx = Transaction.from(`0x${Buffer.from(raw).toString("hex")}`);
      const flipped = tx.signature!.clone();
      flipped.v = flipped.v === 27 ? 28 : 27;
      const key = SigningKey.recoverPublicKey(tx.unsignedHash, flipped);
      const other = decodeTransfer(raw);
      const twin = Transaction.from({
        ...tx.toJSON(),
        signature: flipped,
      }).from!.toLowerCase() as `0x${string}`;
      // The attacker endows the twin's account first, which anyone can.
      const given = await input(
        [
          {
            transfers: [pay({ from: 5, to: twin, value: 10n ** 18n, maxFeePerGas: 2n * chain.tip.baseFee })],
          },
          { transfers: [pay({ maxFeePerGas: 2n * chain.tip.baseFee })] },
        ],
        chain,
      );
      class Twin extends TransfersPlanner {
        protected override decode(bytes: Uint8Array): DecodedTransfer {
          const honest = super.decode(bytes);
          if (honest.sender !== other.sender) return honest;
          const signature = Transaction.from(`0x${Buffer.from(bytes).toString("hex")}`);
          const turned = signature.signature!.clone();
          turned.v = turned.v === 27 ? 28 : 27;
          const point = SigningKey.recoverPublicKey(signature.unsignedHash, turned);
          return {
            ...honest,
            publicKey: { x: BigInt(`0x${point.slice(4, 68)}`), y: BigInt(`0x${point.slice(68)}`) },
          };
        }
      }
      expect(key).to.be.a("string");
      const constraints = await broken({ input: given, planner: Twin });
      expect(constraints).to.include("transfer[1].signer.signature.holds");
    });

    it("who changes the parity that was published", async () => {
      // The last transfer's yParity byte stands 67 bytes before the end (a 32-byte r and s).
      const plan = (honest: TransfersPlan) => {
        const stream = honest.stream.slice();
        const at = stream.length - 67;
        stream[at] = stream[at] === 0x80 ? 1 : 0x80;
        return { ...honest, stream };
      };
      const constraints = await broken({ plan });
      expect(constraints).to.include("transfer[1].signer.signature.holds");
      expect(constraints.some((name) => name.startsWith("blockBytes.row"))).to.equal(true);
    });
  });

  describe("about accounts", () => {
    const overriding = (
      change: (account: AccountState, transfer: DecodedTransfer, gas: bigint) => Partial<AccountState>,
    ) =>
      class extends TransfersPlanner {
        protected override debited(
          account: AccountState,
          transfer: DecodedTransfer,
          gas: bigint,
        ): AccountState {
          return { ...super.debited(account, transfer, gas), ...change(account, transfer, gas) };
        }
      };

    it("who forgets the gas", () =>
      refuses(
        { planner: overriding((a, t) => ({ balance: a.balance - t.value })) },
        "transfer[0].debit.leaf.newLeaf",
      ));
    it("who takes nothing", () =>
      refuses({ planner: overriding((a) => ({ balance: a.balance })) }, "transfer[0].debit.leaf.newLeaf"));
    it("who keeps the nonce", () =>
      refuses({ planner: overriding((a) => ({ nonce: a.nonce })) }, "transfer[0].debit.leaf.newLeaf"));
    it("who skips a nonce", () =>
      refuses({ planner: overriding((a) => ({ nonce: a.nonce + 2n })) }, "transfer[0].debit.leaf.newLeaf"));

    const crediting = (
      credit: (
        replay: StateReplay,
        amount: bigint,
        honest: () => ReturnType<StateReplay["credit"]>,
        address: string,
      ) => ReturnType<StateReplay["credit"]>,
    ) =>
      class extends TransfersPlanner {
        protected override credit(replay: StateReplay, address: `0x${string}`, amount: bigint) {
          return credit(replay, amount, () => replay.credit(address, amount), address);
        }
      };

    it("who skips a credit", async () => {
      const planner = crediting((replay, _, honest, address) =>
        address === addressOf(1) ? replay.credit(addressOf(1), 0n) : honest(),
      );
      expect(
        (await broken({ planner })).some((name) =>
          /^transfer\[0\].credit\[\d\].replaced.newLeaf$/.test(name),
        ),
      ).to.equal(true);
    });
    it("who pays nothing and shows nothing of the recipient", async () => {
      const given = await input([{ transfers: [pay({ to: NOBODY, value: 0n })] }]);
      const plan = (honest: TransfersPlan) => ({
        ...honest,
        replacements: honest.replacements.filter(({ oldLeaf, newLeaf }) => oldLeaf !== newLeaf),
      });
      await refuses({ input: given, plan }, "tree.allClaimed");
    });
    it("who credits twice as much", async () => {
      const planner = crediting((replay, amount, honest, address) =>
        address === addressOf(1) ? replay.credit(addressOf(1), 2n * amount) : honest(),
      );
      expect(
        (await broken({ planner })).some((name) =>
          /^transfer\[0\].credit\[\d\].replaced.newLeaf$/.test(name),
        ),
      ).to.equal(true);
    });
    it("who credits twice", () => {
      const planner = crediting((replay, amount, honest, address) => {
        const hint = honest();
        if (address === addressOf(1)) replay.credit(addressOf(1), amount);
        return hint;
      });
      return refuses({ planner }, "tree.allClaimed");
    });
    it("who credits in the wrong order", async () => {
      class Backwards extends TransfersPlanner {
        protected override credits(
          ...args: Parameters<TransfersPlanner["credits"]>
        ): ReturnType<TransfersPlanner["credits"]> {
          return super.credits(...args).reverse() as ReturnType<TransfersPlanner["credits"]>;
        }
      }
      const given = await input([{ transfers: [pay({ to: NOBODY })] }]);
      const constraints = await broken({ input: given, planner: Backwards });
      expect(constraints.some((name) => name.startsWith("transfer[0].credit[0].replaced"))).to.equal(true);
    });
    it("who says in the circuit that the order was the other", async () => {
      const honest = (swap: bigint): bigint => 1n - swap;
      expect(await broken({ lies: { "transfer[0].credits.swap": honest } })).to.include(
        "transfer[0].credits.swap.high",
      );
    });
    it("who pays a smaller tip", async () => {
      class Stingy extends TransfersPlanner {
        protected override tip(): bigint {
          return 1n;
        }
      }
      await refuses({ planner: Stingy }, "transfer[0].debit.leaf.newLeaf");
      await refuses({ lies: { "transfer[0].fee.isCapped": 1n } }, "transfer[0].fee.isCapped.low");
      await refuses({ lies: { "transfer[0].tip": 1n } }, "transfer[0].tip");
    });
    it("who makes an account that exists", async () => {
      const planner = crediting((replay, amount, honest, address) => {
        if (address !== addressOf(1)) return honest();
        const hint = replay.credit(address as `0x${string}`, amount);
        return { ...hint, isAbsent: true, lowKey: 5n, lowValueHash: 7n };
      });
      const constraints = await broken({ planner });
      expect(constraints.some((name) => name.endsWith(".isAbsent.isEmpty"))).to.equal(true);
      expect(constraints.some((name) => name.endsWith(".replaced.oldLeaf"))).to.equal(true);
    });
    it("who updates an account that does not exist", async () => {
      const planner = crediting((_, __, honest, address) =>
        address === NOBODY ? { ...honest(), isAbsent: false } : honest(),
      );
      const constraints = await broken({ planner });
      expect(constraints.some((name) => /^transfer\[1\].credit\[\d\].replaced.oldLeaf$/.test(name))).to.equal(
        true,
      );
    });
    it("who puts a new account at another place", async () => {
      const plan = (honest: TransfersPlan) => {
        const at = honest.replacements.findIndex(({ oldLeaf }) => oldLeaf === 0n);
        return {
          ...honest,
          replacements: honest.replacements.map((r, i) => (i === at ? { ...r, index: r.index + 1n } : r)),
        };
      };
      expect((await broken({ plan })).some((name) => name.endsWith(".added.index"))).to.equal(true);
    });
    it("who gives another leaf count", () =>
      refuses({ plan: (honest) => ({ ...honest, leafCount: honest.leafCount + 1n }) }, "tree.isPrevious"));
    it("who gives another head of receipts, as if a block had others before it", () =>
      refuses(
        { plan: (honest) => ({ ...honest, receiptsHead: honest.receiptsHead + 1n }) },
        "tree.isPrevious",
      ));
    it("who leaves a receipt out, or says it of another block", async () => {
      const head = "transfer[1].receipt.head";
      const before = (await input()).blocks[1]!.state.tree.receiptsHead;
      await refuses({ lies: { [head]: before } }, head);
      await refuses({ lies: { "transfer[1].block.number": (n) => n - 1n } }, "transfer[1].block.number");
    });
    it("who gives another tree", () =>
      refuses({ plan: (honest) => ({ ...honest, treeRoot: honest.treeRoot + 1n }) }, "tree.isPrevious"));
    it("who hides an insertion from the leaf count", async () => {
      const names = await broken({ lies: { "transfer[1].credit[1].leafCount": (count) => count - 1n } });
      expect(names).to.include("transfer[1].credit[1].leafCount");
    });
    it("who replaces a leaf that no transfer touches", () =>
      refuses(
        {
          plan: (honest) => ({
            ...honest,
            replacements: [
              ...honest.replacements,
              { ...honest.replacements.at(-1)!, oldLeaf: honest.replacements.at(-1)!.newLeaf },
            ],
          }),
        },
        "tree.allClaimed",
      ));
  });

  describe("about rules of a transaction", () => {
    const wrong = async (fields: object, constraint: string, change = (given: TransfersInput) => given) =>
      refuses({ input: change(await input([{ transfers: [pay(fields)] }])) }, constraint);

    it("with a nonce too high or replayed", async () => {
      await wrong({ nonce: 1 }, "transfer[0].debit.leaf.oldLeaf");
      const given = await input([{ transfers: [pay(), pay()] }]);
      const replayed = withBlock(given, 0, ({ transactions }) => ({
        transactions: [transactions[0], transactions[0]],
      }));
      await refuses({ input: replayed }, "transfer[1].debit.leaf.oldLeaf");
    });
    it("of another chain", async () => {
      for (const type of [1, 2]) await wrong({ type, chainId: CHAIN_ID + 1n }, "transfer[0].chainId.isOurs");
      await wrong({ type: 0, chainId: CHAIN_ID + 1n }, "transfer[0].v.isParity");
      await refuses(
        { plan: (honest) => ({ ...honest, chainId: CHAIN_ID + 1n }) },
        "transfer[0].chainId.isOurs",
      );
    });
    it("that the balance does not cover", async () => {
      await wrong({ value: 10n ** 20n }, "transfer[0].debit.covers.hi");
      await wrong({ value: (1n << 256n) - 1n }, "transfer[0].debit.covers.hi");
      // Paid it could be, but not with the gas it reserves.
      await wrong({ value: 10n ** 20n - 10n ** 14n, gasLimit: 1_000_000n }, "transfer[0].debit.covers.hi");
      await wrong(
        { gasLimit: (1n << 64n) - 1n, maxFeePerGas: (1n << 128n) - 1n },
        "transfer[0].debit.covers.hi",
      );
    });
    it("that makes a balance of 2^256", async () => {
      const chain = new DemoChain(2);
      const rich = chain.account(addressOf(1));
      chain.accounts.set(addressOf(1), { ...rich, balance: (1n << 256n) - 3n });
      const { accountValueHash } = await import("../../../protocol/state/account.ts");
      const { accountKey } = await import("../../../protocol/state/keys.ts");
      chain.tree.update(accountKey(addressOf(1)), accountValueHash(chain.account(addressOf(1))));
      chain.tip = { ...chain.tip, stateRoot: chain.stateRoot() };
      const state = chain.witness([addressOf(0), addressOf(1), MINER]);
      const baseFeePerGas = (chain.tip.baseFee * 7n) / BASE_FEE_CHANGE_DENOMINATOR;
      const raw = await chain.sign(pay({ value: 3n }), 0n, baseFeePerGas);
      const data = {
        number: 1n,
        timestamp: chain.tip.timestamp + 1n,
        feeRecipient: MINER,
        gasLimit: chain.gasLimit,
        baseFeePerGas,
        transactions: [raw],
      };
      const given = {
        chainId: chain.chainId,
        gasLimit: chain.gasLimit,
        previous: chain.tip,
        blocks: [{ data, state }],
      };
      const names = await broken({ input: given });
      expect(names.some((name) => /^transfer\[0\].credit\[\d\].credited.hi$/.test(name))).to.equal(true);
    });
    it("whose fees are below the base fee or out of order", async () => {
      await wrong({ maxFeePerGas: 100n, maxPriorityFeePerGas: 1n }, "transfer[0].fee.coversBase");
      await wrong({ type: 0, gasPrice: 100n }, "transfer[0].fee.coversBase");
      // ethers signs no such transaction: the payload is put together by hand.
      const chain = new DemoChain();
      const fee = 10n ** 10n;
      const raw = signByHand(wallet(0), [CHAIN_ID, 0n, fee + 1n, fee, 21_000n, BigInt(addressOf(1)), 5n]);
      const given = withBlock(await input([{ transfers: [pay()] }], chain), 0, () => ({
        transactions: [raw],
      }));
      class Trusting extends TransfersPlanner {
        protected override decode(): DecodedTransfer {
          const own = decodeTransfer(
            signByHand(wallet(0), [CHAIN_ID, 0n, fee, fee, 21_000n, BigInt(addressOf(1)), 5n]),
          );
          return { ...own, maxPriorityFeePerGas: fee + 1n };
        }
      }
      await refuses({ input: given, planner: Trusting }, "transfer[0].fee.priorityWithinMax");
    });
    it("whose gas limit is too small, or too large for its block", async () => {
      class Blind extends TransfersPlanner {
        protected override decode(raw: Uint8Array): DecodedTransfer {
          const tx = Transaction.from(`0x${Buffer.from(raw).toString("hex")}`);
          const key = SigningKey.recoverPublicKey(tx.unsignedHash, tx.signature!);
          return {
            chainId: tx.chainId, publicKey: { x: BigInt(`0x${key.slice(4, 68)}`), y: BigInt(`0x${key.slice(68)}`) },
            sender: tx.from!.toLowerCase() as `0x${string}`, recipient: tx.to!.toLowerCase() as `0x${string}`,
            nonce: BigInt(tx.nonce), value: tx.value, gasLimit: tx.gasLimit,
            maxFeePerGas: tx.maxFeePerGas!, maxPriorityFeePerGas: tx.maxPriorityFeePerGas!,
          }; // prettier-ignore
        }
      }
      const one = await input([{ transfers: [pay({ gasLimit: 20_999n })] }]);
      await refuses({ input: one, planner: Blind }, "transfer[0].gasLimit.coversTransfer");
      const two = await input(
        [{ transfers: [pay(), pay({ gasLimit: 80_000n })] }],
        new DemoChain(3, { gasLimit: 100_000n }),
      );
      await refuses({ input: two }, "transfer[1].gasLimit.fitsBlock");
      const precompile = await input([{ transfers: [pay({ to: `0x${"00".repeat(19)}0a` })] }]);
      await refuses({ input: precompile, planner: Blind }, "transfer[0].recipient.noPrecompile");
    });
  });

  describe("about blocks", () => {
    it("whose time stands still", async () => {
      const given = await input();
      const parent = given.previous.timestamp;
      await refuses(
        { input: withBlock(given, 0, () => ({ timestamp: parent })) },
        "block[0].timestamp.later",
      );
      await refuses(
        { input: withBlock(given, 1, () => ({ timestamp: parent + 1n })) },
        "block[1].timestamp.later",
      );
    });
    it("with another number, base fee or gas limit in their bytes", async () => {
      const given = await input();
      const row = /^blockBytes.row\[\d+\].digest$/;
      for (const fields of [{ number: 9n }, { baseFeePerGas: 9n }, { gasLimit: 9n }]) {
        const names = await broken({ input: withBlock(given, 1, () => fields) });
        expect(
          names.some((name) => row.test(name)),
          JSON.stringify(Object.keys(fields)),
        ).to.equal(true);
      }
    });
    it("with another fee recipient than is paid", async () => {
      const plan = (honest: TransfersPlan) => ({
        ...honest,
        blocks: honest.blocks.map((block) => ({ ...block, feeRecipient: 5n })),
      });
      expect((await broken({ plan })).join()).to.match(/transfer\[0\].credit\[\d\].replaced/);
    });
    it("with a wrong base fee in the circuit", async () => {
      await refuses({ lies: { "block[0].baseFee.step": 1n } }, "block[0].baseFee.division");
      await refuses({ lies: { "block[1].baseFee.rises": 1n } }, "block[1].baseFee.rises.low");
      await refuses({ lies: { "block[1].after.gasUsed": 0n } }, "block[1].after.gasUsed");
    });
    it("with a transfer left out, or one more than they count", async () => {
      const drop = (honest: TransfersPlan) => ({ ...honest, transfers: honest.transfers.slice(0, 1) });
      await refuses({ plan: drop }, "transfers.asBlocksCount");
      const fewer = (honest: TransfersPlan) => ({
        ...drop(honest),
        blocks: honest.blocks.map((block, i) => (i === 1 ? { ...block, transfers: 1n } : block)),
      });
      expect((await broken({ plan: fewer })).join()).to.match(/blockBytes.row\[\d\].digest/);
    });
    it("with altered bytes under the same hash, or another hash", async () => {
      const alter = (at: number) => (honest: TransfersPlan) => {
        const stream = honest.stream.slice();
        stream[at]! ^= 1;
        return { ...honest, stream };
      };
      expect((await broken({ plan: alter(40) })).join()).to.match(/blockBytes.row\[\d\].digest/);
      expect(
        (
          await broken({ plan: (honest) => ({ ...honest, digests: [5n, ...honest.digests.slice(1)] }) })
        ).join(),
      ).to.match(/blockBytes.row\[\d\].digest/);
    });
    it("swapped", async () => {
      const given = await input([{ transfers: [pay()] }, { transfers: [pay({ from: 2 })] }]);
      const swapped = { ...given, blocks: [given.blocks[1]!, given.blocks[0]!] };
      expect(await broken({ input: swapped }).catch((error: Error) => [error.message])).to.not.deep.equal([]);
      const plan = (honest: TransfersPlan) => ({ ...honest, digests: [...honest.digests].reverse() });
      expect((await broken({ plan })).join()).to.match(/blockBytes.row\[\d\].digest/);
    });
    it("none at all", () =>
      refuses(
        { plan: (honest) => ({ ...honest, blocks: [], transfers: [], digests: [], replacements: [] }) },
        "blocks.atLeastOne",
      ));
    it("after an idle one", () => refuses({ lies: { "block[0].active": 0n } }, "blocks.atLeastOne"));
    it("idle, with transfers in them", () =>
      refuses({ lies: { "block[2].transfers": 1n } }, "block[2].idle.noTransfers"));
    it("idle, with time passing in them", () =>
      refuses({ lies: { "block[2].timestamp": (t) => t + 9n } }, "block[2].timestamp.idle"));
  });

  describe("about places", () => {
    it("where an unused one acts", async () => {
      await refuses({ lies: { "transfer[2].active": 1n } }, "transfers.asBlocksCount");
      await refuses({ lies: { "transfer[1].active": 0n } }, "transfers.asBlocksCount");
      await refuses({ lies: { "transfer[0].active": 0n } }, "transfer[1].active.prefix");
      await refuses(
        { lies: { "transfer[2].credit[0].isAbsent": 1n } },
        "transfer[2].credit[0].isAbsent.active",
      );
      await refuses({ lies: { "transfer[2].credit[0].inserts": 1n } }, "transfer[2].credit[0].inserts");
    });
    it("where a transfer is read from another position or block", async () => {
      await refuses({ lies: { "transfer[1].at": 0n } }, "transfer[1].at");
      await refuses({ lies: { "transfer[0].next": (next) => next + 1n } }, "transfer[0].next");
      await refuses({ lies: { "transfer[1].block": 2n } }, "transfer[1].block.startsBefore");
      // A table bounds an index from above only; -1 and -2 must fail by themselves.
      await refuses({ lies: { "transfer[1].block": -1n } }, "transfer[1].block");
      await refuses({ lies: { "transfer[1].block": -2n } }, "transfer[1].block");
      const given = await input([{ transfers: [pay()] }, { transfers: [pay({ from: 2 })] }]);
      await refuses({ input: given, lies: { "transfer[1].block": 0n } }, "transfer[1].block.endsAfter");
    });
    it("where the challenge is another", async () => {
      await refuses({ lies: { "challenge.seed.lo": (seed) => seed ^ 1n } }, "challenge.seed.split");
      await refuses({ lies: { "challenge.hash.permutation[0][0]": 1n } }, "challenge.hash.permutation[0]");
    });
    it("whose tip is not the one before", async () => {
      const given = await input();
      const previous = { ...given.previous, gasUsed: given.gasLimit };
      const plan = (honest: TransfersPlan) => ({ ...honest, previous });
      expect((await broken({ plan })).join()).to.match(/blockBytes.row\[\d\].digest/);
      const old = (honest: TransfersPlan) => ({ ...honest, previous: { ...honest.previous, stateRoot: 5n } });
      await refuses({ plan: old }, "tree.isPrevious");
    });
  });

  it("has the digests of the protocol", async () => {
    const given = await input();
    const bytes = given.blocks.map(({ data }) => encodeBlock(data));
    const planner = new TransfersPlanner(given);
    for (const block of given.blocks) planner.addBlock(block);
    expect(planner.finish().digests).to.deep.equal(bytes.map(hashBytes));
    expect(concatBytes(bytes.map((data) => data.slice(56)))).to.deep.equal(planner.finish().stream);
  });
});
