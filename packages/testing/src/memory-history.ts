import { chainHash, entryText, FIRST_PREVIOUS_HASH, type NewEntry, readEntry } from '@clarity/flags-core/history';
import { CallScope, selectEntries } from '@clarity/flags-core/adapter-kit';
import { type FlagHistory, formatRevision, type Revision } from '@clarity/flags-core/ports';

/** Who changed what in a store in memory. */
export class MemoryHistory {
  readonly #texts: string[] = [];
  readonly #hashes: string[] = [];
  readonly #documents = new Map<string, string>();

  /** Adds an entry, in the same step in which the document is written. */
  record(entry: Omit<NewEntry, 'seq'>, after: Revision, document: string): void {
    this.#texts.push(entryText({ seq: this.#texts.length + 1, ...entry }));
    this.#documents.set(formatRevision(after), document);
  }

  /** The reading role of it, by the store's name. */
  reader(name: string): FlagHistory {
    const scope = new CallScope(`the history ${name}`);
    return {
      name,
      entries: (query, signal) =>
        scope.run(`read the history ${name}`, signal, async () => {
          await this.#hashAll();
          const places = this.#texts.map((text, index) => ({
            entry: readEntry(text, this.#hashes[index]!),
            place: `entry ${index + 1}`,
          }));
          return selectEntries(places.toReversed(), query);
        }),
      textOf: (revision, signal) =>
        scope.run(`read an earlier document of ${name}`, signal, async () =>
          this.#documents.get(formatRevision(revision)),
        ),
      close: async () => scope.close(),
    };
  }

  /** When somebody reads: hashing takes a while, and publications do not. */
  async #hashAll(): Promise<void> {
    for (let index = this.#hashes.length; index < this.#texts.length; index = this.#hashes.length) {
      const hash = await chainHash(this.#hashes[index - 1] ?? FIRST_PREVIOUS_HASH, this.#texts[index]!);
      // Two may read at once.
      this.#hashes[index] = hash;
    }
  }
}
