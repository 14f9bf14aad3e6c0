import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { buildOnce, type BuildOptions, type OnProgress } from "../cache.ts";
import { ProvingError } from "../errors.ts";
import { downloadCeremony } from "./aztec.ts";
import { POINTS } from "./files.ts";
import { assertGeometric } from "./geometric.ts";
import { writeLocal } from "./local.ts";
import { readManifest, writeManifest, type Manifest } from "./manifest.ts";
import { writeFromPtau } from "./ptau.ts";

/** `local`: made here, development only. `aztec`: bb downloads its ceremony. Else the path of a powers-of-tau file. */
export type Source = "local" | "aztec" | `${string}.ptau`;

export type ReferenceString = { readonly folder: string; readonly manifest: Manifest };

export type ReferenceStringOptions = BuildOptions & {
  /** How many powers; 2^22 + 1 serve every program. */
  readonly points?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
};

/** Reads what a user gives as `--crs`. Throws REFERENCE_STRING_SOURCE_UNKNOWN. */
export function parseSource(text: string): Source {
  if (text === "local" || text === "aztec" || text.endsWith(".ptau")) return text as Source;
  throw new ProvingError({
    code: "REFERENCE_STRING_SOURCE_UNKNOWN",
    source: text,
    known: "local aztec FILE.ptau",
  });
}

/** The reference string of a source, from the cache or made now. A local one is made once for this cache and stays. */
export async function getReferenceString(
  source: Source,
  options: ReferenceStringOptions = {},
): Promise<ReferenceString> {
  const { points = POINTS } = options;
  const key = source.endsWith(".ptau") ? `ptau-${await sha256(source)}-${points}` : `${source}-${points}`;
  const folder = await buildOnce(
    { kind: "referenceString", key },
    (temporary) => write(source, temporary, points, options.onProgress),
    options,
  );
  return { folder, manifest: await readManifest(folder) };
}

/** Share of the time that goes into making the points; the rest checks them. */
const MAKING = 0.5;

async function write(source: Source, folder: string, points: number, onProgress?: OnProgress): Promise<void> {
  const making: OnProgress = (fraction) => onProgress?.(fraction * MAKING);
  const checking: OnProgress = (fraction) => onProgress?.(MAKING + fraction * (1 - MAKING));
  if (source === "aztec") {
    await downloadCeremony(folder);
    await writeManifest(folder, "aztec");
    return;
  }
  if (source === "local") await writeLocal(folder, points, making);
  else await writeFromPtau(source, folder, points, making);
  await assertGeometric(folder, checking);
  await writeManifest(folder, source === "local" ? "local" : "ptau");
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex").slice(0, 16);
}
