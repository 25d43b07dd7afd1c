// Asks tests about changes to source files, in a process apart that keeps one vitest: tests see the change while the
// file stays as it is.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A change may make a loop that never ends: so many times as long as without a change tests may take, and a while. */
const TIMES_AS_LONG = 6;
const WHILE_MS = 30_000;

/**
 * `file` is the file of tests that failed, where it is known.
 *
 * @typedef {{ kind: 'failed', file: string | undefined, test: string }} Failed
 *
 * @typedef {{ kind: 'passed' } | Failed | { kind: 'endless', file: string | undefined }} Answer
 *
 * @typedef {import('./mutations.mjs').Mutation} Mutation
 *
 * @typedef {import('./vitest-process.mjs').Outcome} Outcome
 *
 * @typedef {{ outcomes: Outcome[], unhandled: string[] }} Reply
 *
 * @typedef {{ file: string, mutation: Mutation }} Mutant
 */

/** One vitest in a process of its own, started when it is first asked and again after it had to be killed. */
export class Asked {
  /** @type {Promise<import('node:child_process').ChildProcess> | undefined} */
  #child;
  #folder = mkdtempSync(join(tmpdir(), 'clarity-mutants-'));
  /** What the last run changed, and the next has to load afresh. */
  /** @type {string[]} */
  #changed = [];
  #ended = false;

  /** @param {string} root @param {'every-test' | 'until-one-fails'} how @param {number} [whileMs] */
  constructor(root, how, whileMs = WHILE_MS) {
    this.root = root;
    this.how = how;
    this.whileMs = whileMs;
  }

  /**
   * Whether a test notices a change, or fails without any: `undefined` leaves the sources as they are.
   *
   * @param {readonly string[]} tests
   * @param {Mutant | undefined} mutant
   * @param {number} usualMs How long they take without a change.
   * @returns {Promise<Answer>}
   */
  async about(tests, mutant, usualMs) {
    const change = mutant === undefined ? undefined : { kind: 'mutant', ...mutant };
    const bound = this.whileMs + TIMES_AS_LONG * usualMs;
    const reply = await this.#run(tests, change, mutant === undefined ? [] : [mutant.file], undefined, bound);
    if (reply === undefined) return { kind: 'endless', file: undefined };
    const failed = reply.outcomes.find((one) => one.failed);
    if (failed?.timedOut === true) return { kind: 'endless', file: failed.file };
    if (failed !== undefined) {
      return { kind: 'failed', file: failed.file, test: failed.test ?? `the file cannot be loaded: ${failed.error}` };
    }
    const [error] = reply.unhandled;
    return error === undefined ? { kind: 'passed' } : { kind: 'failed', file: undefined, test: error };
  }

  /**
   * Runs tests on the sources as they are, and tells of each file how it ended, how long it took, and by which of the
   * mutants it came, by their places in the list. What it never comes by it cannot notice.
   *
   * @param {readonly string[]} tests
   * @param {readonly Mutant[]} mutants
   * @returns {Promise<Map<string, Outcome & { reached: ReadonlySet<number> }>>}
   */
  async reachedBy(tests, mutants) {
    /** @type {Record<string, (Mutation & { id: number })[]>} */
    const marks = {};
    for (const [id, { file, mutation }] of mutants.entries()) (marks[file] ??= []).push({ ...mutation, id });
    const notes = mkdtempSync(join(this.#folder, 'reached-'));
    const reply = await this.#run(tests, { kind: 'marks', marks }, Object.keys(marks), notes, Infinity);
    if (reply === undefined) throw new Error('The run without a change died: what it printed stands above.');
    const reached = new Map(
      readdirSync(notes).map((name) => {
        /** @type {{ test: string, ids: number[] }} */
        const { test, ids } = JSON.parse(readFileSync(join(notes, name), 'utf8'));
        return [test.slice(this.root.length), new Set(ids)];
      }),
    );
    return new Map(reply.outcomes.map((one) => [one.file, { ...one, reached: reached.get(one.file) ?? new Set() }]));
  }

  end() {
    this.#ended = true;
    void this.#child?.then(kill);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * @param {readonly string[]} tests
   * @param {unknown} change
   * @param {string[]} changed
   * @param {string | undefined} reached
   * @param {number} bound
   * @returns {Promise<Reply | undefined>} Nothing when it had to be killed.
   */
  async #run(tests, change, changed, reached, bound) {
    const child = await (this.#child ??= this.#start());
    const file = join(this.#folder, 'change.json');
    if (change !== undefined) writeFileSync(file, JSON.stringify(change));
    const both = [...this.#changed, ...changed];
    this.#changed = changed;
    const reply = new Promise((resolve) => {
      child.once('message', resolve);
      child.once('exit', () => resolve(undefined));
    });
    child.send({ tests, changed: both, change: change === undefined ? undefined : file, reached });
    const timer = bound === Infinity ? undefined : setTimeout(() => kill(child), bound);
    const answer = /** @type {Reply | undefined} */ (await reply);
    clearTimeout(timer);
    child.removeAllListeners('message').removeAllListeners('exit');
    if (answer === undefined) {
      kill(child);
      this.#child = undefined;
    }
    return answer;
  }

  async #start() {
    if (this.#ended) throw new Error('It was ended, and is asked once more.');
    // A group of its own, so that workers and the servers that they started end with it.
    const child = fork(join(this.root, 'scripts/mutate/vitest-process.mjs'), [this.how], {
      cwd: this.root,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return child;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function kill({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
