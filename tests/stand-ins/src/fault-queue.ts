/** Which calls a fault meets. */
export interface FaultScope<Operation extends string> {
  /** How many calls it meets. Default: all, until it is mended. */
  readonly times?: number;
  /** Which operations it meets. Default: all. */
  readonly operations?: readonly Operation[];
}

interface Active<Fault, Operation> {
  readonly fault: Fault;
  readonly operations: readonly Operation[] | undefined;
  left: number;
}

/** The faults in force in a stand-in: the first that fits a call meets it. */
export class FaultQueue<Fault, Operation extends string> {
  #active: readonly Active<Fault, Operation>[] = [];

  /** Returns what mends it. */
  add(fault: Fault, { times = Number.POSITIVE_INFINITY, operations }: FaultScope<Operation>): () => void {
    const active: Active<Fault, Operation> = { fault, operations, left: times };
    this.#active = [...this.#active, active];
    return () => this.#end(active);
  }

  take(operation: Operation): Fault | undefined {
    const active = this.#active.find((one) => one.operations?.includes(operation) ?? true);
    if (active === undefined) return undefined;
    active.left -= 1;
    if (active.left <= 0) this.#end(active);
    return active.fault;
  }

  #end(active: Active<Fault, Operation>): void {
    this.#active = this.#active.filter((one) => one !== active);
  }
}
