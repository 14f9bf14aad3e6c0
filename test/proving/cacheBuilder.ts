/**
 * A process that builds one cache entry: node cacheBuilder.ts ROOT. It tells "building" when it is in the middle of the build and
 * goes on when its input gives a line; it tells "folder F" at the end.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildOnce } from "../../proving/cache.ts";

const root = process.argv[2]!;
const folder = await buildOnce(
  { kind: "test", key: "entry" },
  async (temporary) => {
    await writeFile(join(temporary, "first"), `half of ${process.pid}`);
    process.stdout.write("building\n");
    await once(process.stdin, "data");
    await writeFile(join(temporary, "second"), `whole of ${process.pid}`);
  },
  { root, onWait: () => process.stdout.write("waiting\n") },
);
process.stdout.write(`folder ${folder}\n`);
process.stdin.destroy();
