/**
 * Adds to package-lock.json the optional platform packages that a registry mirror did not list, so that `npm ci` accepts the file
 * everywhere. Run it after `npm install`: node scripts/completeLockFile.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
}

const OPERATING_SYSTEMS = [
  "darwin",
  "linux",
  "win32",
  "freebsd",
  "openbsd",
  "netbsd",
  "android",
  "openharmony",
  "sunos",
  "aix",
];
const PROCESSORS: Readonly<Record<string, string>> = {
  arm64: "arm64",
  x64: "x64",
  amd64: "x64",
  ia32: "ia32",
  arm: "arm",
  armv7: "arm",
  loong64: "loong64",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
};

const path = join(import.meta.dirname, "..", "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, LockedPackage> };

let added = 0;
for (const [where, { optionalDependencies = {}, dev }] of Object.entries(lock.packages))
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(where, name) || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev ? { dev } : {}),
      optional: true,
    };
    added++;
  }
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);

/** Node's resolution: beside the package, or in any folder above it. */
function isLocked(where: string, name: string): boolean {
  const parts = where.split("/node_modules/");
  return (
    parts.some(
      (_, i) =>
        `${parts.slice(0, parts.length - i).join("/node_modules/")}/node_modules/${name}` in lock.packages,
    ) || `node_modules/${name}` in lock.packages
  );
}

/** Platform packages carry their platform in their names: `…-linux-arm64-gnu`. */
function platformOf(name: string): Pick<LockedPackage, "os" | "cpu"> {
  const words = name.split(/[-/]/);
  const os = words.filter((word) => OPERATING_SYSTEMS.includes(word));
  const cpu = words.flatMap((word) => PROCESSORS[word] ?? []);
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}) };
}
