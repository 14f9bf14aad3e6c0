// Virtual bytes of an epoch on Bitcoin: by size of the body, and by number of batches in it.
// node test/bench/inscription.ts
import { inscriptionLeaf } from "../../agents/inscriber/envelope.ts";
import { buildPair, SEAL_SATS } from "../../agents/inscriber/pair.ts";
import { inscriberKeys } from "../../agents/inscriber/taproot.ts";
import { encodeBody, type EpochCommitment } from "../../protocol/inscription/commitment.ts";
import { localPointer } from "../../protocol/inscription/pointer.ts";

const keys = inscriberKeys(new Uint8Array(32).fill(7), "regtest");
const coin = { txid: "11".repeat(32), vout: 0 };

function measure(body: Uint8Array) {
  const leaf = inscriptionLeaf(keys.funding.xOnly, body, coin);
  const start = performance.now();
  const { commit, reveal } = buildPair({
    keys,
    leaf,
    seal: { ...coin, valueSats: SEAL_SATS },
    funding: { ...coin, vout: 1, valueSats: 10n ** 9n },
    feeRate: 5,
  });
  const milliseconds = Math.round(performance.now() - start);
  const [commitVb, revealVb] = [commit.virtualSize(), reveal.virtualSize()];
  const total = commitVb + revealVb;
  return { bodyBytes: body.length, commitVb, revealVb, total, "sats at 5 sat/vB": total * 5, milliseconds };
}

/** Field elements and hashes do not compress; what they are makes no difference to the size. */
const field = (n: bigint): bigint => (1n << 253n) + n;
/** Of the program `epoch`, for Solidity: one size whatever it proves. */
const PROOF_BYTES = 9184;

function epochBody(batchCount: bigint): Uint8Array {
  const commitment: EpochCommitment = {
    chainId: 1337n,
    epoch: 1000n,
    firstBlock: 59_941n,
    lastBlock: 60_000n,
    previousStateRoot: field(1n),
    stateRoot: field(2n),
    previousDataHash: field(3n),
    dataHash: field(4n),
    pointers: [localPointer(new Uint8Array(1000))],
    settlementIn: field(5n),
    settlementOut: field(6n),
    batchCount,
    epochKeyHash: field(7n),
  };
  return encodeBody({ commitment, proof: new Uint8Array(PROOF_BYTES).fill(0xab) });
}

measure(new Uint8Array(256)); // warms up
console.log("bodies of any bytes");
console.table([256, 2048, 8192, 14_336].map((bytes) => measure(new Uint8Array(bytes).fill(0xab))));
console.log("epochs by settled L3 batches");
console.table([0, 1, 4, 16, 1000].map((batches) => ({ batches, ...measure(epochBody(BigInt(batches))) })));
