import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ProvingError } from "../errors.ts";
import { g1Path, g2Path } from "./files.ts";
import { POINT_BYTES } from "./powers.ts";

/** What stands beside the points: where they come from and what they are. */
export type Manifest = {
  /** `local`: tau was known to the machine that made it. `aztec`, `ptau`: a ceremony of many. */
  readonly kind: "local" | "aztec" | "ptau";
  readonly points: number;
  readonly sha256: string;
  /** Names tau: the first 16 hexadecimal digits of the SHA-256 of bn254_g2.dat. Keys and verifiers depend on it. */
  readonly id: string;
};

/** Networks nobody outside this machine relies on, by the names used in deployments and for Bitcoin. */
const LOCAL_NETWORKS = ["local", "regtest"];

/** Throws LOCAL_REFERENCE_STRING_REFUSED for a local reference string on any network but a local one. */
export function assertAllowed(manifest: Pick<Manifest, "kind">, network: string): void {
  if (manifest.kind !== "local" || LOCAL_NETWORKS.includes(network)) return;
  throw new ProvingError({
    code: "LOCAL_REFERENCE_STRING_REFUSED",
    network,
    allowed: LOCAL_NETWORKS.join(" "),
  });
}

/** Describes the points in `folder` and writes the manifest beside them. */
export async function writeManifest(folder: string, kind: Manifest["kind"]): Promise<Manifest> {
  const { size } = await stat(g1Path(folder));
  const [sha256, g2] = await Promise.all([fileSha256(g1Path(folder)), fileSha256(g2Path(folder))]);
  const manifest: Manifest = { kind, points: size / POINT_BYTES, sha256, id: g2.slice(0, 16) };
  await writeFile(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(manifestPath(folder), "utf8")) as Manifest;
}

/** Compares the points with their manifest. Throws REFERENCE_STRING_DAMAGED. bb may have appended points to a download. */
export async function assertIntact(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const [sha256, g2] = await Promise.all([
    fileSha256(g1Path(folder), manifest.points * POINT_BYTES),
    fileSha256(g2Path(folder)),
  ]);
  const path =
    sha256 !== manifest.sha256 ? g1Path(folder) : g2.startsWith(manifest.id) ? null : g2Path(folder);
  if (path !== null)
    throw new ProvingError({
      code: "REFERENCE_STRING_DAMAGED",
      path,
      reason: "its hash is not the manifest's",
    });
  return manifest;
}

const manifestPath = (folder: string): string => join(folder, "manifest.json");

async function fileSha256(path: string, bytes = Infinity): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { end: bytes - 1, highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
