import type { ChainCommon } from "./chainCommon.ts";
import { Machine } from "./machine.ts";
import { StateOverlay } from "./stateOverlay.ts";
import type { StateReader } from "./stateReader.ts";

const NO_STATE: StateReader = {
  account: () => undefined,
  storage: () => new Uint8Array(),
  code: () => new Uint8Array(),
};

/** Interpreters for calls that may overlap: as many as ever ran at once. Making one takes milliseconds. */
export class MachinePool {
  readonly #common: ChainCommon;
  readonly #idle: Machine[] = [];

  constructor(common: ChainCommon) {
    this.#common = common;
  }

  async use<T>(action: (machine: Machine) => Promise<T>): Promise<T> {
    const machine = this.#idle.pop() ?? (await Machine.create(this.#common, new StateOverlay(NO_STATE)));
    try {
      return await action(machine);
    } finally {
      this.#idle.push(machine);
    }
  }
}
