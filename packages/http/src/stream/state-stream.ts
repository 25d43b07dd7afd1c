import type { Health } from '@clarity/flags-core';
import { outsideRequests } from '@clarity/flags-core/adapter-kit';
import type { ActiveAlert } from '../alerts/alert-watch.ts';
import { sentHealth } from '../sent-health.ts';
import { flagsView } from '../flags-view.ts';
import type { Streams } from './streams.ts';
import type { StreamOptions } from './stream-options.ts';
import type { CompleteClient } from '../shown-client.ts';
import { unref } from '../unref.ts';

/** Heartbeats that a caller may leave unread, all of them, before it is taken for gone. */
const MAX_BEATS_BEHIND = 4;

/** A stream ends after this long, and who may still see the state comes back: a token that was withdrawn shows nothing for longer. */
const LONGEST_MS = 3_600_000;

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

const encoder = new TextEncoder();

export interface StreamParts {
  readonly client: CompleteClient;
  readonly alerts: (health: Health) => readonly ActiveAlert[];
  readonly options: Required<StreamOptions>;
  readonly onDropped: () => void;
  /** Told what was thrown while nobody's request was there to take it. Never throws. */
  readonly report: (error: unknown) => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

interface Caller {
  /** With how many heartbeats in a row it had something unread. */
  beatsBehind: number;
  /** Monotonic milliseconds. */
  readonly untilMs: number;
}

/** What all callers are shown at one moment, and what of it has to differ before they are shown it again. */
interface Picture {
  readonly freshness: string;
  readonly freshnessKey: string;
  readonly flags: string;
}

/**
 * The state of one client as server-sent events, for any number of callers: `freshness` (health and active alerts) and
 * `flags`, both at once and then whenever they change, and `freshness` with every heartbeat.
 *
 * One timer serves all callers, runs only while there is one, and does not hold the process. An event is encoded once, and
 * every caller's queue holds the same bytes. A caller that reads too slowly is dropped; it may come back, and then gets the
 * present state. Nothing of the past is kept.
 */
export class StateStream implements Streams {
  readonly #parts: StreamParts;
  readonly #callers = new Map<Controller, Caller>();
  #dropped = 0;
  #shown: Picture | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #unlisten: (() => void)[] = [];
  #lookAhead = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  get clients(): number {
    return this.#callers.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  open(): ReadableStream<Uint8Array> | undefined {
    const { maxClients, maxBufferedBytes } = this.#parts.options;
    if (this.#callers.size >= maxClients) return undefined;
    let own: Controller | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          const picture = this.#look(false);
          this.#callers.set(controller, { beatsBehind: 0, untilMs: performance.now() + LONGEST_MS });
          if (this.#callers.size === 1) this.#begin();
          controller.enqueue(encoder.encode(frame('freshness', picture.freshness) + frame('flags', picture.flags)));
        },
        cancel: () => {
          if (own !== undefined) this.#forget(own);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: maxBufferedBytes }),
    );
  }

  /** Ends the stream of every caller, so that a server can close. New ones are welcome. */
  close(): void {
    for (const [controller, caller] of this.#callers) this.#end(controller, caller);
  }

  #begin(): void {
    const { client, options } = this.#parts;
    // The caller that comes first begins it, for all.
    this.#heartbeat = outsideRequests(() => unref(setInterval(() => this.#lookAlone(true), options.heartbeatMs)));
    this.#unlisten = EVENTS.map((event) => client.on(event, () => this.#lookSoon()));
  }

  #rest(): void {
    clearInterval(this.#heartbeat);
    for (const unlisten of this.#unlisten) unlisten();
    this.#unlisten = [];
    this.#shown = undefined;
  }

  #forget(controller: Controller): void {
    if (this.#callers.delete(controller) && this.#callers.size === 0) this.#rest();
  }

  /** One turn of the client may announce several things; its callers are shown the sum. */
  #lookSoon(): void {
    if (this.#lookAhead) return;
    this.#lookAhead = true;
    queueMicrotask(() => {
      this.#lookAhead = false;
      if (this.#callers.size > 0) this.#lookAlone(false);
    });
  }

  /** Outside any request, where what is thrown would end the process. The callers' silence says that the state is not known. */
  #lookAlone(heartbeat: boolean): void {
    try {
      this.#look(heartbeat);
    } catch (error) {
      this.#parts.report(error);
    }
  }

  /** Shows everybody what has changed since they were last shown something; with a heartbeat, freshness in any case. */
  #look(heartbeat: boolean): Picture {
    const picture = this.#picture();
    const before = this.#shown;
    this.#shown = picture;
    if (this.#callers.size === 0) return picture;
    let news = '';
    if (heartbeat || picture.freshnessKey !== before?.freshnessKey) news += frame('freshness', picture.freshness);
    if (picture.flags !== before?.flags) news += frame('flags', picture.flags);
    if (news !== '') this.#send(encoder.encode(news), heartbeat);
    return picture;
  }

  #picture(): Picture {
    const { client, alerts, options } = this.#parts;
    const health = client.health();
    const active = alerts(health);
    const sent = sentHealth(health);
    return {
      // With the heartbeat, so that a caller knows when silence means that the connection is dead.
      freshness: JSON.stringify({ ...sent, alerts: active, heartbeat_seconds: options.heartbeatMs / 1000 }),
      // The age grows by itself, and looking at the flags compiles them.
      freshnessKey: JSON.stringify([
        { ...sent, config_age_seconds: null, cache_size: null },
        active.map(({ name, state }) => [name, state]),
      ]),
      flags: JSON.stringify(flagsView(client, health)),
    };
  }

  #send(bytes: Uint8Array, heartbeat: boolean): void {
    const { maxBufferedBytes } = this.#parts.options;
    const nowMs = performance.now();
    for (const [controller, caller] of this.#callers) {
      const room = controller.desiredSize;
      const behind = room !== null && room < maxBufferedBytes;
      caller.beatsBehind = behind ? caller.beatsBehind + Number(heartbeat) : 0;
      if (room === null || room <= 0 || caller.beatsBehind > MAX_BEATS_BEHIND) {
        this.#drop(controller);
        continue;
      }
      if (nowMs < caller.untilMs) controller.enqueue(bytes);
      // The end of one that has something unread would wait behind that, and nobody for it: so it is shown no more, and dropped in its time.
      else if (!behind) this.#end(controller, caller);
    }
  }

  /** Ends one stream in good order, unless the end would wait behind what the caller does not take, and a server for the end. */
  #end(controller: Controller, { beatsBehind }: Caller): void {
    if (beatsBehind > 1) return this.#drop(controller);
    this.#forget(controller);
    controller.close();
  }

  #drop(controller: Controller): void {
    // Before the error, which tells whoever reads: by then the count is right.
    this.#dropped += 1;
    this.#forget(controller);
    controller.error(droppedError());
    this.#parts.onDropped();
  }
}

/**
 * What cuts the connection. Bun and Deno print whatever error ends a body, in full, and it is counted already: so Bun is given none, which it
 * passes over, and others one without a stack.
 */
function droppedError(): Error | undefined {
  if ('Bun' in globalThis) return undefined;
  const error = new Error('the caller did not read the stream and was dropped');
  return Object.assign(error, { name: 'CallerDroppedError', stack: '' });
}

function frame(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
