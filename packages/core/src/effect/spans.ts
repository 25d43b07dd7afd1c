/** Spans of a client by Effect's tracer. */
import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as References from 'effect/References';
import * as Tracer from 'effect/Tracer';
import { shownRevision } from '../document/revision.ts';
import { runnerIn } from '../drivers/background/boundary.ts';
import type { Around } from '../drivers/background/services.ts';
import { problemIn } from '../drivers/readings.ts';
import type { ReadOutcome } from '../refresh/protocol.ts';
import type { State } from '../refresh/state.ts';
import { refreshError } from './errors.ts';

export interface Spans {
  /** For the driver: reads as spans of their own, for they are shared by all who wait for them. */
  readonly around: (typeof Around)['Service'];
  /** A span around a refresh that somebody waits for; it and the reads of that time link each other. */
  readonly asked: <A, E>(refresh: Effect.Effect<A, E>, force: boolean) => Effect.Effect<A, E>;
  /** Notes in the span of the read under way that its document is served. */
  readonly noteAdoption: (state: State, before: State) => void;
}

/**
 * What of its maker's context concerns the spans of a client: not the span that it was made in, which may end long
 * before.
 */
const tracing = Context.pick(
  Tracer.Tracer,
  Tracer.MinimumTraceLevel,
  Tracer.CurrentTraceLevel,
  References.TracerEnabled,
  References.TracerTimingEnabled,
  References.TracerSpanAnnotations,
);

export const makeSpans: Effect.Effect<Spans> = Effect.map(Effect.context(), (whole) => {
  const context = tracing(whole);
  const { now } = runnerIn(whole);
  const waiting = new Set<Tracer.Span>();
  /** There is one read at a time. */
  let reading: Tracer.Span | undefined;
  const note = (name: string, attributes: Record<string, unknown>): void =>
    reading?.event(name, now(Clock.currentTimeNanos), attributes);

  const read = <R>(source: string, effect: Effect.Effect<ReadOutcome, never, R>) =>
    Effect.acquireUseRelease(
      Effect.suspend(() =>
        Effect.makeSpan('flags.read', {
          root: true,
          kind: 'client',
          attributes: { 'flags.source': source },
          links: Array.from(waiting, (span) => ({ span, attributes: {} })),
        }),
      ),
      (span) => {
        reading = span;
        for (const asking of waiting) asking.addLinks([{ span, attributes: {} }]);
        return Effect.withParentSpan(effect, span);
      },
      (span, exit) =>
        Effect.map(Clock.currentTimeNanos, (nanos) => {
          if (reading === span) reading = undefined;
          if (Exit.isSuccess(exit)) span.attribute('flags.outcome', exit.value.kind);
          span.end(nanos, Exit.isSuccess(exit) ? judged(exit.value) : exit);
        }),
    );
  const decode = <R>(effect: Effect.Effect<ReadOutcome, never, R>) =>
    Effect.tap(effect, (outcome) =>
      Effect.sync(() =>
        note('flags.decode', {
          'flags.outcome': outcome.kind,
          ...(outcome.kind === 'document' && { 'flags.bytes': outcome.loaded.bytes }),
        }),
      ),
    );
  return {
    around: (name, source, effect) =>
      name === 'flags.decode' ? decode(effect) : Effect.provideContext(read(source, effect), context),
    asked: (refresh, force) =>
      Effect.useSpan('flags.refresh', { attributes: { 'flags.force': force } }, (span) =>
        Effect.ensuring(
          Effect.suspend(() => {
            waiting.add(span);
            return refresh;
          }),
          Effect.sync(() => waiting.delete(span)),
        ),
      ),
    noteAdoption: ({ served }, before) => {
      if (served === undefined || served.document === before.served?.document) return;
      note('flags.adopt', { 'flags.revision': shownRevision(served.revision) });
    },
  };
});

/** A read that went wrong is a span that failed, though the client takes it as it comes. */
function judged(outcome: ReadOutcome): Exit.Exit<void, unknown> {
  const message = problemIn(outcome);
  if (message === undefined) return Exit.void;
  if (outcome.kind === 'failed') return Exit.fail(refreshError(outcome.error));
  const reason = outcome.kind === 'rejected' && outcome.reason !== 'invalid' ? outcome.reason : 'invalid_document';
  return Exit.fail(refreshError({ reason, message }));
}
