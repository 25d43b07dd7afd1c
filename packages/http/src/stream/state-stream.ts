import type { Health } from '@clarity/flags-core';
import { eventText, EventStream, type StreamLimits, type Streams } from '@clarity/flags-web';
import type { ActiveAlert } from '../alerts/alert-watch.ts';
import { flagsView } from '../flags-view.ts';
import { sentHealth } from '../sent-health.ts';
import type { CompleteClient } from '../shown-client.ts';

const EVENTS = [
  'ready',
  'changed',
  'stale',
  'fresh',
  'error',
  'breaker',
  'feed',
  'rejected',
  'store.lost-writes',
] as const;

export interface StreamParts {
  readonly client: CompleteClient;
  readonly alerts: (health: Health) => readonly ActiveAlert[];
  readonly limits: StreamLimits;
  readonly onDropped: () => void;
  /** Told what was thrown while nobody's request was there to take it. Never throws. */
  readonly report: (error: unknown) => void;
}

/** What all callers are shown at one moment, and what of it has to differ before they are shown it again. */
interface Picture {
  readonly freshness: string;
  readonly freshnessKey: string;
  readonly flags: string;
}

/**
 * The state of one client as server-sent events, for any number of callers: `freshness` (health and active alerts) and
 * `flags`, both at once and then whenever they change, and `freshness` with every heartbeat. A caller that comes back
 * gets the present state.
 */
export class StateStream implements Streams {
  readonly #parts: StreamParts;
  readonly #stream: EventStream;
  #shown: Picture | undefined;
  #lookAhead = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    const { limits, onDropped, report } = parts;
    this.#stream = new EventStream({
      limits,
      onDropped,
      report,
      begin: () => this.#listen(),
      beat: () => this.#look().beat,
    });
  }

  get clients(): number {
    return this.#stream.clients;
  }

  get dropped(): number {
    return this.#stream.dropped;
  }

  open(): ReadableStream<Uint8Array> | undefined {
    return this.#stream.open(() => {
      const { whole, news } = this.#look();
      // What is new to the one who comes may be new to the others, too.
      this.#stream.send(news);
      return whole;
    });
  }

  close(): void {
    this.#stream.close();
  }

  /** Follows the client until the function that it returns is called. */
  #listen(): () => void {
    const unlisten = EVENTS.map((event) => this.#parts.client.on(event, () => this.lookSoon()));
    return () => {
      for (const stop of unlisten) stop();
      this.#shown = undefined;
    };
  }

  /**
   * Shows callers what changed, after the work at hand: one turn of the client may announce several things, and they
   * are shown the sum.
   */
  lookSoon(): void {
    if (this.#lookAhead) return;
    this.#lookAhead = true;
    queueMicrotask(() => {
      this.#lookAhead = false;
      if (this.clients > 0) this.#sendNews();
    });
  }

  /**
   * Outside any request, where what is thrown would end the process. The callers' silence says that the state is not
   * known.
   */
  #sendNews(): void {
    try {
      this.#stream.send(this.#look().news);
    } catch (error) {
      this.#parts.report(error);
    }
  }

  /**
   * The state as a text for new callers, and as what those who are here have not been shown; with a heartbeat,
   * freshness in any case.
   */
  #look(): { readonly whole: string; readonly news: string; readonly beat: string } {
    const picture = this.#picture();
    const before = this.#shown;
    this.#shown = picture;
    const freshness = eventText('freshness', picture.freshness);
    const flags = eventText('flags', picture.flags);
    const newFlags = picture.flags === before?.flags ? '' : flags;
    return {
      whole: freshness + flags,
      news: (picture.freshnessKey === before?.freshnessKey ? '' : freshness) + newFlags,
      beat: freshness + newFlags,
    };
  }

  #picture(): Picture {
    const { client, alerts, limits } = this.#parts;
    const health = client.health();
    const active = alerts(health);
    const sent = sentHealth(health);
    return {
      // With the heartbeat, so that a caller knows when silence means that the connection is dead.
      freshness: JSON.stringify({ ...sent, alerts: active, heartbeat_seconds: limits.heartbeatMs / 1000 }),
      // The age grows by itself, and looking at the flags compiles them.
      freshnessKey: JSON.stringify([
        { ...sent, config_age_seconds: null, cache_size: null },
        active.map(({ name, state }) => [name, state]),
      ]),
      flags: JSON.stringify(flagsView(client, health)),
    };
  }
}
