import { outsideRequests, unref } from '@clarity/flags-core/adapter-kit';
import type { StreamLimits } from './stream-limits.ts';

/** Heartbeats that a caller may leave unread, all of them, before it is taken for gone. */
const MAX_BEATS_BEHIND = 4;

/**
 * A stream ends after this long, and who may still see it comes back: a token that was withdrawn shows nothing for
 * longer.
 */
const LONGEST_MS = 3_600_000;

const encoder = new TextEncoder();

export interface EventStreamParts {
  readonly limits: StreamLimits;
  /** Called when the first caller has come. What it returns is called when the last has gone. */
  readonly begin: () => () => void;
  /** What everybody is sent with each heartbeat, as `eventText` writes it. Not empty. */
  readonly beat: () => string;
  /** Called after a caller was dropped because it did not read. */
  readonly onDropped: () => void;
  /** Told what `beat` threw: nobody's request is there to take it. Never throws. */
  readonly report: (error: unknown) => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

interface Caller {
  /** With how many heartbeats in a row it had something unread. */
  beatsBehind: number;
  /** Monotonic milliseconds. */
  readonly untilMs: number;
}

/**
 * Server-sent events for any number of callers: each is sent a text when it comes, and all are sent what follows.
 *
 * One timer serves all callers, runs only while there is one, and does not hold the process. A text is encoded once,
 * and every caller's queue holds the same bytes. A caller that reads too slowly is dropped; it may come back. Nothing
 * of the past is kept.
 */
export class EventStream {
  readonly #parts: EventStreamParts;
  readonly #callers = new Map<Controller, Caller>();
  #dropped = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #end: () => void = () => {};

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
  }

  /** Callers at this moment. */
  get clients(): number {
    return this.#callers.size;
  }

  /** Callers that were dropped so far because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A body for one more caller, which begins with `first`; undefined when there are as many as may be. */
  open(first: () => string): ReadableStream<Uint8Array> | undefined {
    const { maxClients, maxBufferedBytes } = this.#parts.limits;
    if (this.#callers.size >= maxClients) return undefined;
    let own: Controller | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          const bytes = encoder.encode(first());
          this.#callers.set(controller, { beatsBehind: 0, untilMs: performance.now() + LONGEST_MS });
          if (this.#callers.size === 1) this.#begin();
          controller.enqueue(bytes);
        },
        cancel: () => {
          if (own !== undefined) this.#forget(own);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: maxBufferedBytes }),
    );
  }

  /** Sends everybody a text. An empty one is not sent. */
  send(text: string): void {
    if (text !== '') this.#send(text, false);
  }

  /** Ends the stream of every caller, so that a server can close. New ones are welcome. */
  close(): void {
    for (const [controller, caller] of this.#callers) this.#finish(controller, caller);
  }

  #begin(): void {
    const { begin, limits } = this.#parts;
    // The caller that comes first begins it, for all.
    this.#heartbeat = outsideRequests(() => unref(setInterval(() => this.#beat(), limits.heartbeatMs)));
    this.#end = begin();
  }

  /**
   * Outside any request, where what is thrown would end the process. The callers' silence says that something is wrong.
   */
  #beat(): void {
    try {
      this.#send(this.#parts.beat(), true);
    } catch (error) {
      this.#parts.report(error);
    }
  }

  #forget(controller: Controller): void {
    if (!this.#callers.delete(controller) || this.#callers.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#end();
  }

  #send(text: string, heartbeat: boolean): void {
    const { maxBufferedBytes } = this.#parts.limits;
    const bytes = encoder.encode(text);
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
      // The end of one that has something unread would wait behind that, and nobody for it: so it is shown no more, and
      // dropped in its time.
      else if (!behind) this.#finish(controller, caller);
    }
  }

  /**
   * Ends one stream in good order, unless the end would wait behind what the caller does not take, and a server for the
   * end.
   */
  #finish(controller: Controller, { beatsBehind }: Caller): void {
    if (beatsBehind > 1) return this.#drop(controller);
    this.#forget(controller);
    controller.close();
  }

  #drop(controller: Controller): void {
    // Before the error, which readers see: by then the count is right.
    this.#dropped += 1;
    this.#forget(controller);
    controller.error(droppedError());
    this.#parts.onDropped();
  }
}

/**
 * What cuts the connection. Bun and Deno print the error that ends a body, in full, and it is counted already: so Bun
 * is given none, which it passes over, and others one without a stack.
 */
function droppedError(): Error | undefined {
  if ('Bun' in globalThis) return undefined;
  const error = new Error('the caller did not read the stream and was dropped');
  return Object.assign(error, { name: 'CallerDroppedError', stack: '' });
}
