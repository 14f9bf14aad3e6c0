import type { Clock } from "../../../agents/kit/clock.ts";

/** Time stands until the test moves it. */
export class ManualClock implements Clock {
  #now: number;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now = (): number => this.#now;
  sleep = async (ms: number): Promise<void> => this.advance(ms);
  advance(ms: number): void {
    this.#now += ms;
  }
}
