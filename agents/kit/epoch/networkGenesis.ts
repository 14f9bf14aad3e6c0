import { z } from "zod";
import { StackError } from "../../../protocol/errors.ts";
import type { GenesisFile } from "../../../protocol/genesis.ts";
import { bitcoinNetworks } from "../bitcoin/network.ts";
import { parseGenesis } from "../execution/genesis.ts";
import { isHex, type Hex } from "../hex.ts";

export type NetworkGenesisError = { code: "NETWORK_GENESIS_INVALID"; issues: string[] };

const hash32 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
const bytes = z.string().refine((text) => isHex(text), "0x and whole bytes");
const lowerHex = (length: number) =>
  z
    .string()
    .refine((text) => isHex(text, length), `0x and ${length} bytes`)
    .transform((text) => text.toLowerCase() as Hex);

const schema = z.strictObject({
  version: z.literal(1),
  /** Where the chain of epochs begins. */
  bitcoin: z.strictObject({
    network: z.enum(bitcoinNetworks),
    /** The block that confirms the first seal. */
    height: z.int().nonnegative(),
    blockHash: hash32,
    seal: z.strictObject({ txid: hash32, vout: z.int().nonnegative() }),
    /** Script of every seal, hex: changing it would be changing hands. */
    sealScript: z.string().regex(/^([0-9a-f]{2})+$/),
  }),
  /** Supersonic's genesis file. */
  supersonic: z.custom<GenesisFile>((value) => typeof value === "object" && value !== null),
  /** Proves epochs: the hash of the key of the program `epoch`, and the code of its verifier. */
  epoch: z.strictObject({ keyHash: lowerHex(32), verifierCode: bytes.transform((text) => text as Hex) }),
  /** Rollups whose batches an epoch covers: created by this factory with nothing but these. */
  settlement: z.strictObject({
    factory: lowerHex(20),
    verifier: lowerHex(20),
    programs: z.array(lowerHex(32)),
    dataAvailability: z.array(lowerHex(20)),
  }),
});

/** How it is written as JSON. */
export type NetworkGenesisFile = z.input<typeof schema>;

/** What a light node starts from: all else it knows it has computed. */
export type NetworkGenesis = z.output<typeof schema>;

/** Throws: NETWORK_GENESIS_INVALID, and what parseGenesis throws of Supersonic's own. */
export function parseNetworkGenesis(file: unknown): NetworkGenesis {
  const parsed = schema.safeParse(file);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new StackError<NetworkGenesisError>({ code: "NETWORK_GENESIS_INVALID", issues }, "fatal");
  }
  parseGenesis(parsed.data.supersonic);
  return parsed.data;
}
