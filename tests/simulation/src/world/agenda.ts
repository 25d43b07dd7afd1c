/** Something that is going to happen outside the machine, or to arrive at it from there. */
export interface Entry {
  readonly atTrueMs: number;
  /** `store`: happens whether the machine sleeps or not. `arrival`: waits for it to wake. */
  readonly where: 'store' | 'arrival';
  run(): void;
}

/** What is going to happen, in order of time; of the same time, in the order in which it was noted. */
export class Agenda {
  readonly #entries: Entry[] = [];

  add(entry: Entry): void {
    let index = this.#entries.length;
    while (index > 0 && (this.#entries[index - 1]?.atTrueMs ?? 0) > entry.atTrueMs) index -= 1;
    this.#entries.splice(index, 0, entry);
  }

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  take(entry: Entry): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
  }

  /** The first entry of a store that happens before `trueMs`. */
  firstAtStore(trueMs: number): Entry | undefined {
    return this.#entries.find(({ where, atTrueMs }) => where === 'store' && atTrueMs < trueMs);
  }
}
