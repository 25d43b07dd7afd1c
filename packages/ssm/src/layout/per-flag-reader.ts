import { textHash } from '@clarity/flags-core/adapter-kit';
import { isCounted, type ReadResult, type Revision, type SetAside, StoreError } from '@clarity/flags-core/ports';
import { allPages } from '../all-pages.ts';
import type { SsmCalls } from '../ssm-calls.ts';
import type { KeyRefused } from '../aws-error.ts';
import { type Entry, readPage } from './decrypted-page.ts';
import { timesOf } from './times.ts';

export interface PerFlagPlace {
  readonly path: string;
  readonly recursive: boolean;
  readonly label: string | undefined;
  readonly maxBytes: number;
  /** Shortest time between two readings of the store, in milliseconds. */
  readonly minIntervalMs: number;
}

/** How often all pages are read until two readings agree. */
const MOST_PASSES = 4;

/** What the store held when it was asked last. */
interface Held {
  readonly parameters: readonly Entry[];
  readonly hash: string;
  /** By the monotonic clock. */
  readonly atMs: number;
}

/**
 * One parameter a flag, below a path. Parameter Store gives no snapshot across pages, and two parameters are written in
 * two steps: this is not atomic. What can be done is done: a change is adopted once two readings of all pages in a row
 * agree on it. And each parameter is a publication of its own: one that is not a flag is named, and the others are read
 * (F65).
 */
export class PerFlagReader {
  readonly #calls: SsmCalls;
  readonly #place: PerFlagPlace;
  #held: Held | undefined;

  constructor(calls: SsmCalls, place: PerFlagPlace) {
    this.#calls = calls;
    this.#place = place;
  }

  async read(known: Revision | undefined, signal: AbortSignal): Promise<ReadResult> {
    const held = await this.#current(known, signal);
    const { parameters, hash } = held;
    const ageMs = Math.max(0, performance.now() - held.atMs);
    const publishedAtMs = newestOf(parameters);
    const reading = { revision: { hash }, ageMs, ...timesOf(publishedAtMs, this.#calls.storeTimeMs) };
    if (known !== undefined && !isCounted(known) && known.hash === hash) return { kind: 'unchanged', ...reading };
    const { text, unreadable } = documentOf(parameters, this.#place, hash);
    return { kind: 'document', text, perFlag: { unreadable }, ...reading };
  }

  /** From memory within the minimum interval, and then the reading says how old it is; else from the store. */
  async #current(known: Revision | undefined, signal: AbortSignal): Promise<Held> {
    const held = this.#held;
    if (held !== undefined && performance.now() - held.atMs < this.#place.minIntervalMs) return held;
    let before = await this.#readAll(signal);
    const isKnown = known !== undefined && !isCounted(known) && known.hash === before.hash;
    for (let pass = 2; !isKnown; pass += 1) {
      const again = await this.#readAll(signal);
      if (again.hash === before.hash) break;
      if (pass === MOST_PASSES) throw this.#unsettled();
      before = again;
    }
    this.#held = before;
    return before;
  }

  async #readAll(signal: AbortSignal): Promise<Held> {
    const { path, recursive, label, maxBytes } = this.#place;
    const atMs = performance.now();
    let characters = 0;
    let refused: KeyRefused | undefined;
    const found = await allPages(`read all parameters below ${path}`, async (nextToken) => {
      const page = await readPage(this.#calls, path, { recursive, label, nextToken }, signal);
      refused ??= page.refused;
      for (const { value = '' } of page.items) characters += value.length;
      // Before all of it is in memory.
      if (characters > maxBytes) throw tooLarge(path, maxBytes);
      return page;
    });
    if (found.length === 0) {
      const labelled = label === undefined ? '' : ` with the label ${label}`;
      throw new StoreError(
        'not-found',
        `there is no parameter below ${path}${labelled}; put one for each flag there, or check the path, the account and the region (AWS_REGION)`,
      );
    }
    if (refused !== undefined && found.every(({ value }) => value === undefined)) throw refused;
    const parameters = found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const hash = await textHash(JSON.stringify(parameters.map(({ name, value }) => [name, value ?? null])));
    return { parameters, hash, atMs };
  }

  #unsettled(): StoreError {
    return new StoreError(
      'unavailable',
      `the parameters below ${this.#place.path} kept changing while they were read; write them seldom, or use the layout "chunked", which is atomic`,
    );
  }
}

function newestOf(parameters: readonly Entry[]): number | undefined {
  const times = parameters.flatMap(({ modifiedAtMs }) => (modifiedAtMs === undefined ? [] : [modifiedAtMs]));
  return times.length === 0 ? undefined : Math.max(...times);
}

interface Assembled {
  readonly text: string;
  readonly unreadable: readonly SetAside[];
}

/**
 * The document of these parameters. The flag's key is what follows the path in the parameter's name; its value is the
 * flag as JSON, or `true` or `false`. Of any other JSON the decoder says what is wrong; null stands for what is no
 * JSON.
 */
function documentOf(parameters: readonly Entry[], { path, maxBytes }: PerFlagPlace, hash: string): Assembled {
  const revision = { hash };
  const keys = new Set<string>();
  const unreadable: SetAside[] = [];
  const flags = parameters.map(({ name, value }) => {
    const key = name.slice(path.length + 1);
    if (!name.startsWith(`${path}/`) || key === '' || keys.has(key)) {
      throw new StoreError('invalid', `the answer for ${path} holds ${name}, which is not below it or comes twice`, {
        revision,
      });
    }
    keys.add(key);
    const flag = value === undefined ? undefined : flagOf(value);
    if (flag === undefined) unreadable.push(notAFlag(name, key, value));
    return `${JSON.stringify(key)}:${flag ?? 'null'}`;
  });
  const text = `{"schemaVersion":1,"flags":{${flags.join(',')}}}`;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxBytes) return { text, unreadable };
  throw tooLarge(path, maxBytes, revision);
}

function tooLarge(path: string, maxBytes: number, revision?: Revision): StoreError {
  return new StoreError(
    'too-large',
    `the flags below ${path} have more than ${maxBytes} bytes, which is all that is allowed; remove some, or raise maxBytes`,
    revision === undefined ? {} : { revision },
  );
}

/** Kept as it was written: the decoder judges every flag, and it judges the text. Undefined for what is not JSON. */
function flagOf(value: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  return typeof parsed === 'boolean' ? `{"status":"${parsed ? 'enabled' : 'disabled'}"}` : value;
}

function notAFlag(name: string, flagKey: string, value: string | undefined): SetAside {
  const found =
    value === undefined
      ? 'a SecureString whose key KMS refuses (kms:Decrypt)'
      : `text of ${value.length} character${value.length === 1 ? '' : 's'} that is not JSON`;
  const allowed = 'a flag such as {"status":"enabled"}, true or false';
  const message = `the parameter ${name}: found ${found}, allowed: ${allowed}; mend it, or move it elsewhere`;
  return { flagKey, problem: { path: name, found, allowed, message } };
}
