/** Runs actions one after the other, in the order in which they were given. One that fails does not hold up the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.then(
      () => undefined,
      () => undefined, // the caller of `run` gets the failure
    );
    return result;
  }
}
