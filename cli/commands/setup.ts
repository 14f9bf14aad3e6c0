import { findBitcoind } from "../../agents/kit/bitcoin/findBitcoind.ts";
import { parseSource } from "../../proving/referenceString/referenceString.ts";
import { renderParts, setUp, type SetUp, type SetUpProgress } from "../../scripts/setup.ts";

/** Everything the first run needs, made ahead of time: safe to repeat, to interrupt and to run twice at once. */
export async function setup(options: { crs: string; json?: boolean }): Promise<void> {
  const tell = (line: string): void => void (options.json ? undefined : console.log(line));
  const { parts, referenceString } = await setUpAll(options.crs, tell);
  const { kind, id } = referenceString.manifest;
  if (options.json)
    console.log(JSON.stringify({ parts, referenceString: { kind, id, folder: referenceString.folder } }));
  else
    console.log(
      `\n${renderParts(parts)}\n\nreference string: ${kind}${kind === "local" ? " (development only)" : ""}`,
    );
}

/** bitcoind, reference string, keys, verifiers; tells each part's start, quarter steps and end. */
export async function setUpAll(crs: string, tell: (line: string) => void): Promise<SetUp> {
  const started = performance.now();
  await findBitcoind(tell);
  const bitcoind = { part: "bitcoind", seconds: (performance.now() - started) / 1000 };
  const made = await setUp({ crs: parseSource(crs), onProgress: progressLines(tell) });
  return { ...made, parts: [bitcoind, ...made.parts] };
}

/** Parts from the cache take no time worth a line: a part is named when it has run for a second, or is waited for. */
function progressLines(tell: (line: string) => void): (progress: SetUpProgress) => void {
  let quarter = 0;
  let announce: NodeJS.Timeout | undefined;
  return (progress) => {
    const { part } = progress;
    switch (progress.state) {
      case "started":
        quarter = 0;
        announce = setTimeout(() => tell(`setup: ${part} ...`), 1_000);
        return;
      case "waiting":
        return tell(`setup: ${part}: waiting for another process that is making it`);
      case "progress":
        if (Math.floor(progress.fraction * 4) <= quarter) return;
        quarter = Math.floor(progress.fraction * 4);
        return tell(`setup: ${part} ${quarter * 25} %`);
      case "done":
        clearTimeout(announce);
        if (progress.seconds >= 1) tell(`setup: ${part} ${progress.seconds.toFixed(1)} s`);
    }
  };
}
