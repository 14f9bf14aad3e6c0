/**
 * A reference string taken from a powers-of-tau file: snarkjs checks it, this reads it.
 *
 *   file    = "ptau" | version u32 | sections u32 | (id u32 | size u64 | data)*     little endian
 *   1       = n8 u32 | prime n8 bytes | power u32 | ceremonyPower u32
 *   2       = tau^i * G, i < 2^(power + 1) - 1: 64 bytes each, ffjavascript's own form
 *   3       = tau^i * H, i < 2^power: 128 bytes each
 */
import { execFile } from "node:child_process";
import { open, writeFile, type FileHandle } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { buildBn128, type Curve } from "ffjavascript";
import type { OnProgress } from "../cache.ts";
import { ProvingError } from "../errors.ts";
import { g1Path, g2Path } from "./files.ts";
import { POINT_BYTES } from "./powers.ts";

const G2_BYTES = 128;
/** Points converted at once: 8 MiB. */
const STEP = 2 ** 17;

/**
 * Writes the first `points` powers of `path` into `folder`.
 * Throws PTAU_REFUSED when snarkjs does not accept the file, REFERENCE_STRING_TOO_SHORT.
 */
export async function writeFromPtau(
  path: string,
  folder: string,
  points: number,
  onProgress?: OnProgress,
): Promise<void> {
  await assertAccepted(path);
  const curve = await buildBn128();
  const file = await open(path, "r");
  try {
    const sections = await readSections(file, path);
    const [g1, g2] = [section(sections, 2, path), section(sections, 3, path)];
    const held = g1.bytes / POINT_BYTES;
    if (held < points)
      throw new ProvingError({ code: "REFERENCE_STRING_TOO_SHORT", path, points: held, needed: points });
    await writeG1(curve, file, g1.at, folder, points, onProgress);
    await writeG2(curve, file, g2.at, folder);
  } finally {
    await file.close();
    await curve.terminate();
  }
}

/**
 * snarkjs checks every contribution and every power, in a process of its own: it leaves threads and files open when it
 * refuses. Its last words become the reason.
 */
async function assertAccepted(path: string): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("snarkjs")), "cli.cjs");
  try {
    await promisify(execFile)(process.execPath, [cli, "powersoftau", "verify", path]);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const reason = stripVTControlCharacters(`${stdout}${stderr}`).trim().slice(-500);
    throw new ProvingError({ code: "PTAU_REFUSED", path, reason }, "fatal", { cause: error });
  }
}

type Section = { readonly at: number; readonly bytes: number };

async function readSections(file: FileHandle, path: string): Promise<Map<number, Section>> {
  const sections = new Map<number, Section>();
  const head = await readAt(file, 0, 12);
  const count = head.readUInt32LE(8);
  for (let at = 12, i = 0; i < count; i++) {
    const entry = await readAt(file, at, 12);
    const bytes = Number(entry.readBigUInt64LE(4));
    sections.set(entry.readUInt32LE(0), { at: at + 12, bytes });
    at += 12 + bytes;
  }
  if (head.toString("latin1", 0, 4) !== "ptau")
    throw new ProvingError({ code: "PTAU_REFUSED", path, reason: "not a powers-of-tau file" });
  return sections;
}

function section(sections: Map<number, Section>, id: number, path: string): Section {
  const found = sections.get(id);
  if (found === undefined) throw new ProvingError({ code: "PTAU_REFUSED", path, reason: `no section ${id}` });
  return found;
}

async function writeG1(
  { G1 }: Curve,
  file: FileHandle,
  at: number,
  folder: string,
  points: number,
  onProgress?: OnProgress,
): Promise<void> {
  const out = await open(g1Path(folder), "w");
  try {
    for (let from = 0; from < points; from += STEP) {
      const count = Math.min(STEP, points - from);
      const bytes = await readAt(file, at + from * POINT_BYTES, count * POINT_BYTES);
      await out.write(await G1.batchLEMtoU(bytes));
      onProgress?.((from + count) / points);
    }
  } finally {
    await out.close();
  }
}

/** ffjavascript writes the imaginary part of a coordinate first, bb the real part. */
async function writeG2({ G2 }: Curve, file: FileHandle, at: number, folder: string): Promise<void> {
  const point = await G2.batchLEMtoU(await readAt(file, at + G2_BYTES, G2_BYTES));
  const words = [1, 0, 3, 2].map((i) => point.slice(i * 32, i * 32 + 32));
  await writeFile(g2Path(folder), Buffer.concat(words));
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, at);
  return buffer;
}
