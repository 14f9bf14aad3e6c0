/** Interned names: a constraint or wire carries two small integers, its scope and its own name. */
export class Names {
  readonly texts: string[] = [""];
  readonly #ids = new Map<string, number>([["", 0]]);
  /** Scope tree: `parent` and own text of each scope; scope 0 is the root. */
  readonly #parents: number[] = [0];
  readonly #paths: string[] = [""];
  readonly #children = new Map<string, number>();

  id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.#ids.set(text, id);
    }
    return id;
  }

  /** The scope `text` inside `parent`; entering the same text twice gives the same scope. */
  scope(parent: number, text: string): number {
    const key = `${parent}/${text}`;
    let id = this.#children.get(key);
    if (id === undefined) {
      id = this.#paths.length;
      this.#parents.push(parent);
      this.#paths.push(parent === 0 ? text : `${this.#paths[parent]}.${text}`);
      this.#children.set(key, id);
    }
    return id;
  }

  parentOf(scope: number): number {
    return this.#parents[scope]!;
  }

  path(scope: number): string {
    return this.#paths[scope]!;
  }

  /** `scope.name`, or the name alone at the root. */
  full(scope: number, name: number): string {
    const path = this.#paths[scope]!;
    const text = this.texts[name]!;
    return path === "" ? text : text === "" ? path : `${path}.${text}`;
  }
}
