/**
 * Turns bodies of checks into checks: opens the store, closes the thing under test, ends the store, also after a
 * failure.
 */
import { type ContractCheck, ContractViolation } from './check.ts';
import { expectThat } from './expectations.ts';
import type { Fault, FaultName, Harness, UnderTest } from './harness.ts';

type Body<Opened extends UnderTest> = (opened: Opened, secrets: readonly string[]) => Promise<void>;

export class Checklist<Opened extends UnderTest> {
  readonly checks: ContractCheck[] = [];
  readonly #harness: Harness<Opened>;
  readonly #close: (opened: Opened) => Promise<void>;

  /** `close` closes the thing under test; it must be idempotent, as every port's is. */
  constructor(harness: Harness<Opened>, close: (opened: Opened) => Promise<void>) {
    this.#harness = harness;
    this.#close = close;
  }

  add(name: string, body: Body<Opened>): void {
    this.checks.push({
      name,
      run: async () => {
        const opened = await this.#harness.open();
        try {
          await body(opened, opened.secrets);
          await this.#close(opened);
        } catch (error) {
          await this.#close(opened).catch(() => undefined);
          throw error;
        } finally {
          await opened.dispose();
        }
      },
    });
  }

  /** A check that needs a fault. Left out when the harness says that its store cannot have it. */
  addFault(fault: FaultName, name: string, body: (opened: Opened, begin: Fault) => Promise<void>): void {
    if (this.#harness.impossible?.[fault] !== undefined) return;
    this.add(name, async (opened) => {
      const begin = opened.faults[fault];
      expectThat(
        begin !== undefined,
        `the harness has no fault "${fault}"; give one, or say under "impossible" why its store cannot have it`,
      );
      await body(opened, begin);
    });
  }

  /** That nothing is left after the close. `use` makes the thing under test open all that it opens. */
  addLeavesNothing(use: (opened: Opened) => Promise<void>): void {
    const close = this.#close;
    const harness = this.#harness;
    this.checks.push({
      name: 'close leaves nothing open',
      run: async () => {
        const opened = await harness.open();
        try {
          const before = await lastingResources(opened);
          await use(opened);
          await close(opened);
          const open = await untilAtMost(opened, before);
          expectThat(open.length === 0, `after close there is still: ${open.join(', ')}`);
        } finally {
          await close(opened).catch(() => undefined);
          await opened.dispose();
        }
      },
    });
  }
}

const RELEASE_MS = 1_000;
const LOOK_AGAIN_MS = 20;
const BASELINE_LOOKS = 15;

/** Sockets and handles close a few turns of the event loop after the call that closes them. */
async function untilAtMost(opened: UnderTest, before: readonly string[]): Promise<readonly string[]> {
  const deadlineMs = performance.now() + RELEASE_MS;
  for (;;) {
    const added = without(await look(opened), before);
    if (added.length === 0 || performance.now() > deadlineMs) return added;
  }
}

/**
 * What is open before, all the time that we look: a timer of the test framework or of an earlier test that ends a
 * moment later would cover for a leak.
 */
async function lastingResources(opened: UnderTest): Promise<readonly string[]> {
  let lasting = await look(opened);
  for (let looks = 1; looks < BASELINE_LOOKS; looks += 1) {
    const now = await look(opened);
    lasting = without(lasting, without(lasting, now));
  }
  return lasting;
}

/**
 * Each look comes out of a timer of its own: Node counts the timer that is running, so that one must be in every look.
 */
async function look(opened: UnderTest): Promise<readonly string[]> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, LOOK_AGAIN_MS);
  });
  return leftoversOf(opened);
}

async function leftoversOf(opened: UnderTest): Promise<readonly string[]> {
  if (opened.leftovers !== undefined) return opened.leftovers();
  if (typeof process === 'undefined' || typeof process.getActiveResourcesInfo !== 'function') {
    throw new ContractViolation('this runtime cannot name its open resources; give the harness a leftovers function');
  }
  return process.getActiveResourcesInfo();
}

/** `found` less one entry for each equal one in `before`. */
function without(found: readonly string[], before: readonly string[]): readonly string[] {
  const rest = [...found];
  for (const name of before) {
    const at = rest.indexOf(name);
    if (at !== -1) rest.splice(at, 1);
  }
  return rest;
}
