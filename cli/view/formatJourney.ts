import { type Pace, secondsLeft } from "./pace.ts";
import { type Journey, type Stage, STAGES, SUPERSONIC_STAGES } from "./stages.ts";

const MEANING: Readonly<Record<Stage, string>> = {
  soft: "executed by the sequencer, receipt served",
  sealed: "in a block",
  published: "data stored and attested",
  proven: "execution proven in zero knowledge",
  settled: "proof accepted by the Rollup contract on Supersonic",
  inscribed: "epoch written into Bitcoin",
  verified: "checked by a light node from Bitcoin alone",
};

/** One line a stage: reached or not, when, how long after the stage before; at the end the time left. */
export function formatJourney(journey: Journey, pace: Pace, now = new Date()): string {
  if (journey.stage === null) return `${journey.hash}: no chain of this network knows this transaction`;
  const isL3 = journey.chain !== "supersonic";
  const lines = [`${journey.hash} on ${journey.chain}`];
  let before: number | undefined;
  for (const stage of isL3 ? STAGES : SUPERSONIC_STAGES) {
    const at = journey.stages[stage];
    const time = at ? Date.parse(at) : undefined;
    const took =
      time !== undefined && before !== undefined ? `+${((time - before) / 1000).toFixed(1)} s` : "";
    lines.push(
      `  ${at ? "✔" : "·"} ${stage.padEnd(10)} ${(at ?? "").padEnd(24)} ${took.padStart(9)}  ${MEANING[stage]}`,
    );
    before = time ?? before;
  }
  const left = secondsLeft(journey.stages, pace, now, isL3);
  lines.push(
    journey.stages.verified ? "  final: verified on Bitcoin" : `  about ${left} s left until verified`,
  );
  return lines.join("\n");
}
