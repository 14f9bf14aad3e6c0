import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { computeAddress, SigningKey, Wallet, type Provider } from "ethers";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import type { Layout } from "./layout.ts";

/**
 * An agent's key: a file of its own with 32 random bytes as hex, readable by the owner alone, made once. Returns its path.
 */
export async function ensureKey(layout: Layout, name: string): Promise<string> {
  const path = layout.key(name);
  if (existsSync(path)) return path;
  mkdirSync(layout.keysFolder, { recursive: true, mode: 0o700 });
  await writeFileDurably(path, `${randomBytes(32).toString("hex")}\n`);
  await chmod(path, 0o600);
  return path;
}

export const readKey = (path: string): SigningKey =>
  new SigningKey(`0x${readFileSync(path, "utf8").trim().replace(/^0x/, "")}`);

/** The EVM account of a key file. */
export const accountOf = (path: string): string => computeAddress(readKey(path).publicKey);

export const walletOf = (path: string, provider: Provider): Wallet => new Wallet(readKey(path), provider);
