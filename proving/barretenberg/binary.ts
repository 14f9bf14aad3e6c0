import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { detectPlatform, findBbBinary } from "@aztec/bb.js/platform";
import { ProvingError } from "../errors.ts";

/** The release of `@aztec/bb.js` that circuits, keys and verifiers are made for. Part of every cache key. */
export const BARRETENBERG_VERSION = "5.0.0";

/**
 * The native `bb` of that release by platform. Its `--version` is filled in for one platform only and a wrong prover
 * must never start, so what is pinned is the file itself.
 */
const SHA256: Readonly<Record<string, string>> = {
  "x86_64-linux": "c3a4a1125d99953694ab6a7f09e368db5525c368b372e63c3eb7bda4cc5697d5",
  "x86_64-darwin": "c2d4da29f736cbfc9b899d548cd3a702a1f65fce907c0b369db2d9266e52a851",
  "aarch64-linux": "fbe47d7697bf3f0891d844eba58c5d1fcb1c85d5024fe0ad50e1bb132237611f",
  "aarch64-darwin": "fe63e7fce08bd8368773ab7bc956f3aae618cb3cb05a9b5b8db71a92553511be",
};

let checked: Promise<string> | undefined;

/**
 * The path of the native `bb` of this machine, checked once per process to be the pinned release.
 * Throws BB_PLATFORM_UNSUPPORTED, BB_MISSING or BB_WRONG_BINARY.
 */
export function barretenbergBinary(): Promise<string> {
  return (checked ??= locate().then(async (path) => (await assertPinnedBinary(path), path)));
}

async function locate(): Promise<string> {
  const platform = detectPlatform();
  if (platform === null)
    throw new ProvingError({
      code: "BB_PLATFORM_UNSUPPORTED",
      platform: `${process.arch}-${process.platform}`,
      supported: Object.keys(SHA256).join(" "),
    });
  const path = findBbBinary();
  if (path === null)
    throw new ProvingError({ code: "BB_MISSING", path: `@aztec/bb.js build for ${platform}` });
  await access(path);
  return path;
}

/** Refuses every file but this platform's `bb` of the pinned release. Throws BB_WRONG_BINARY. */
export async function assertPinnedBinary(path: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const actualSha256 = hash.digest("hex");
  const expectedSha256 = SHA256[detectPlatform() ?? ""] ?? "";
  if (actualSha256 !== expectedSha256)
    throw new ProvingError({ code: "BB_WRONG_BINARY", path, expectedSha256, actualSha256 });
}
