import type { FlagPublisher, PublishedRevision, Revision } from '@clarity/flags-core/ports';
import { documentText } from './watched-client.ts';

const never = new AbortController().signal;

/** Publications on top of each other, numbered on. */
export class Publications {
  n: number;
  readonly #publisher: FlagPublisher;
  #last: Revision | 'absent';

  constructor(publisher: FlagPublisher, n = 0, last: Revision | 'absent' = 'absent') {
    this.#publisher = publisher;
    this.n = n;
    this.#last = last;
  }

  get last(): Revision {
    if (this.#last === 'absent') throw new Error('nothing was published yet');
    return this.#last;
  }

  /** The kinds of all warnings. */
  async publish(count: number): Promise<readonly string[]> {
    const kinds: string[] = [];
    for (let left = count; left > 0; left -= 1) {
      this.n += 1;
      const { warnings = [], ...revision }: PublishedRevision = await this.#publisher.publish(
        documentText(this.n),
        this.#last,
        never,
      );
      kinds.push(...warnings.map(({ kind }) => kind));
      this.#last = revision;
    }
    return kinds;
  }
}
