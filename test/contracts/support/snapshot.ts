/** Snapshots in git: a change of what others rely on shows in review. `UPDATE_SNAPSHOTS=1` writes them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..");

/** What the snapshot holds; after writing `value` first if asked to, or if there is none yet outside continuous integration. */
export function snapshot<T>(name: string, value: T): T {
  const path = join(folder, `${name}.snapshot.json`);
  const update =
    process.env["UPDATE_SNAPSHOTS"] === "1" || (!existsSync(path) && process.env["CI"] === undefined);
  if (update) writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
