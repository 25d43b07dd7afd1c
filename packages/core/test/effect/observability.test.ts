import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Layer from 'effect/Layer';
import * as Logger from 'effect/Logger';
import * as Metric from 'effect/Metric';
import * as Option from 'effect/Option';
import * as References from 'effect/References';
import * as Tracer from 'effect/Tracer';
import { effectMetrics, evaluationSpans, Flags, flagsLayer, Refresh } from '../../src/effect.ts';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle } from '../support/test-driver.ts';

const options = {
  variables: false,
  refreshMode: 'periodic',
  refreshJitter: 0,
  refreshIntervalMs: 10_000,
  staleAfterMs: 30_000,
} as const;

/** A tracer that keeps its spans. */
function keeping(): { readonly tracer: Tracer.Tracer; readonly spans: Tracer.NativeSpan[] } {
  const spans: Tracer.NativeSpan[] = [];
  const tracer = Tracer.make({
    span: (made) => {
      const span = new Tracer.NativeSpan(made);
      spans.push(span);
      return span;
    },
  });
  return { tracer, spans };
}

const exitOf = ({ status }: Tracer.Span): string => (status._tag === 'Ended' ? status.exit._tag : 'still open');

describe('spans', () => {
  it.effect('stand around each read, with what became of it, and beneath nobody', () =>
    Effect.gen(function* () {
      const { tracer, spans } = keeping();
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        yield* settle;
        source.behaviour = fails('unauthorized');
        yield* pass(10_000);
        source.behaviour = { kind: 'hangs' };
        yield* pass(1_000);
      }).pipe(
        Effect.provide(flagsLayer({ ...options, source, logLevel: 'silent' })),
        Effect.withSpan('program'),
        Effect.withTracer(tracer),
      );
      yield* settle;
      const reads = spans.filter(({ name }) => name === 'flags.read');
      assert.deepStrictEqual(
        reads.map((span) => [Option.isNone(span.parent), span.attributes.get('flags.source'), exitOf(span)]),
        [
          [true, 'store', 'Success'],
          [true, 'store', 'Failure'],
          [true, 'store', 'Failure'],
        ],
      );
      assert.deepStrictEqual(
        reads[0]?.events.map(([name]) => name),
        ['flags.decode', 'flags.adopt'],
      );
      assert.deepStrictEqual(reads[1]?.events, []);
    }),
  );

  it.effect('of those who ask for a refresh stand beneath their own and link the read that they share', () =>
    Effect.gen(function* () {
      const { tracer, spans } = keeping();
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        const refresh = yield* Refresh;
        yield* settle;
        source.behaviour = holds(2);
        const asked = (name: string) =>
          Effect.forkChild(refresh.now.pipe(Effect.withSpan(name)), { startImmediately: true });
        const both = [yield* asked('one'), yield* asked('two')];
        for (const fiber of both) yield* Fiber.join(fiber);
      }).pipe(Effect.provide(flagsLayer({ ...options, source })), Effect.withTracer(tracer));
      const refreshes = spans.filter(({ name }) => name === 'flags.refresh');
      assert.deepStrictEqual(
        refreshes.map(({ parent }) => Option.map(parent, (span) => (span as Tracer.Span).name)),
        [Option.some('one'), Option.some('two')],
      );
      const idsOf = (links: readonly Tracer.SpanLink[]): readonly string[] => links.map(({ span }) => span.spanId);
      const reads = spans.filter(({ name }) => name === 'flags.read');
      const [one = '', two = ''] = refreshes.map(({ spanId }) => spanId);
      // The first read was under way when the second refresh was asked for, so that one waits for another read.
      assert.deepStrictEqual(
        reads.map(({ links }) => idsOf(links)),
        [[], [one], [one, two]],
      );
      for (const { spanId, links } of refreshes) {
        const linking = reads.filter((read) => idsOf(read.links).includes(spanId));
        assert.deepStrictEqual(
          idsOf(links),
          linking.map((read) => read.spanId),
        );
      }
      assert.deepStrictEqual(
        spans.filter((span) => exitOf(span) === 'still open'),
        [],
      );
    }),
  );

  it.effect('of evaluations are there for fibers, where they are asked for', () =>
    Effect.gen(function* () {
      const { tracer, spans } = keeping();
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        const flags = yield* Flags;
        yield* settle;
        yield* Effect.sync(() => flags.isEnabled('a', { userId: 'somebody' })).pipe(Effect.withSpan('request'));
        yield* Effect.promise(
          () => new Promise<void>((resolve) => setImmediate(() => resolve(void flags.isEnabled('a')))),
        );
      }).pipe(
        Effect.provide(flagsLayer({ ...options, source, hooks: [evaluationSpans()] })),
        Effect.withTracer(tracer),
      );
      const [evaluated, ...others] = spans.filter(({ name }) => name === 'flags.evaluate');
      assert.deepStrictEqual(others, []);
      assert.deepStrictEqual(
        Option.map(evaluated!.parent, (span) => (span as Tracer.Span).name),
        Option.some('request'),
      );
      assert.deepStrictEqual(
        [...evaluated!.attributes].filter(([name]) => name.startsWith('feature_flag')),
        [
          ['feature_flag.key', 'a'],
          ['feature_flag.result.variant', 'on'],
          ['feature_flag.result.reason', 'static'],
        ],
      );
      assert.notInclude(JSON.stringify([...evaluated!.attributes]), 'somebody');
      assert.strictEqual(exitOf(evaluated!), 'Success');
    }),
  );
});

describe('the log of a client', () => {
  const kept: { level: string; message: unknown; annotations: object }[] = [];
  const keeps = Logger.make(({ logLevel, message, fiber }) => {
    kept.push({ level: logLevel, message, annotations: fiber.getRef(References.CurrentLogAnnotations) });
  });

  it.effect('goes by the loggers of Effect, with its level, and its fields as annotations', () =>
    Effect.gen(function* () {
      kept.length = 0;
      const source = scriptedSource(fails('unavailable'));
      yield* settle.pipe(Effect.provide(flagsLayer({ ...options, source })), Effect.provide(Logger.layer([keeps])));
      assert.isAbove(kept.length, 0);
      assert.strictEqual(kept[0]?.level, 'Warn');
      assert.deepInclude(kept[0]?.annotations, { module: 'clarity-flags', source: 'store' });
    }),
  );

  it.effect('goes to a logger that is given instead', () =>
    Effect.gen(function* () {
      kept.length = 0;
      const lines: string[] = [];
      const source = scriptedSource(fails('unavailable'));
      const logger = { log: ({ message }: { readonly message: string }) => void lines.push(message) };
      yield* settle.pipe(
        Effect.provide(flagsLayer({ ...options, source, logger })),
        Effect.provide(Logger.layer([keeps])),
      );
      assert.isAbove(lines.length, 0);
      assert.deepStrictEqual(kept, []);
    }),
  );
});

describe('effectMetrics', () => {
  const measured = <A>(program: Effect.Effect<A, never, Flags | Refresh>, source: ReturnType<typeof scriptedSource>) =>
    Effect.gen(function* () {
      yield* program.pipe(
        Effect.provide(
          Layer.unwrap(
            Effect.map(effectMetrics, (metrics) => flagsLayer({ ...options, source, metrics, logLevel: 'silent' })),
          ),
        ),
        Effect.orDie,
      );
      return yield* Metric.snapshot;
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()));

  it.effect('gives the metrics of the catalog to the registry of the program', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const found = yield* measured(
        Effect.gen(function* () {
          yield* settle;
          const flags = yield* Flags;
          flags.isEnabled('a');
          source.behaviour = fails('unavailable');
          yield* pass(10_000);
        }),
        source,
      );
      const counter = (id: string, attributes?: object) =>
        found.find((one) => one.id === id && JSON.stringify(one.attributes ?? {}) === JSON.stringify(attributes ?? {}))
          ?.state;
      assert.deepStrictEqual(counter('feature_flag_refresh_success_total'), { count: 1, incremental: true });
      assert.deepStrictEqual(counter('feature_flag_refresh_failure_total', { error_type: 'unavailable' }), {
        count: 1,
        incremental: true,
      });
      assert.deepInclude(counter('feature_flag_refresh_duration_seconds') as object, { count: 2 });
    }),
  );

  it.effect('shows one revision, and takes away what does not apply any more', () =>
    Effect.gen(function* () {
      const found = yield* Effect.gen(function* () {
        const sink = yield* effectMetrics;
        sink.gauge('feature_flag_revision_info', 1, { revision: '1', origin: 'primary' });
        sink.gauge('feature_flag_revision_info', 1, { revision: '2', origin: 'primary' });
        sink.gauge('feature_flag_subscriber_up', 1);
        sink.gauge('feature_flag_subscriber_up', Number.NaN);
        return yield* Metric.snapshot;
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()));
      assert.deepStrictEqual(
        found.map(({ id, attributes }) => [id, attributes?.['revision']]),
        [['feature_flag_revision_info', '2']],
      );
    }),
  );
});
