import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Queue from 'effect/Queue';
import type { Command } from '../../refresh/protocol.ts';
import { loadCache } from './cache.ts';
import { problemIn } from '../readings.ts';
import { end, run } from './fibers.ts';
import { readSource } from './read-source.ts';
import { Around, Feed, Outlet, Saves, type Services, Sources, tell, Waiting } from './services.ts';
import { subscribeFeed } from './subscribe-feed.ts';

/** What each command does. */
export const interpret = (command: Command): Effect.Effect<void, never, Services> => {
  switch (command.kind) {
    case 'read':
      return run(`read ${command.read}`, read(command));
    case 'abort-read':
      return end(`read ${command.read}`);
    case 'subscribe':
      return Feed.use((feed) =>
        feed === undefined
          ? Effect.void
          : run(`subscription ${command.subscription}`, subscribeFeed(feed, command.subscription)),
      );
    case 'unsubscribe':
      return end(`subscription ${command.subscription}`);
    case 'load-cache':
      return run('load', loadCache);
    case 'save-cache':
      return Saves.use((saves) => Effect.andThen(Queue.offer(saves, command.snapshot), Queue.flush(saves)));
    case 'answer':
      return Waiting.useSync((waiting) => waiting.answer(command.requests, command.result));
    case 'announce':
      return Outlet.useSync((outlet) => outlet.announce(command.announcement));
    case 'log':
      return Outlet.useSync((outlet) => outlet.log(command.entry));
    case 'count':
      return Outlet.useSync(({ metrics }) => metrics.count(command.name, command.labels));
    case 'gauge':
      return Outlet.useSync(({ metrics }) => metrics.gauge(command.name, command.value, command.labels));
    case 'observe':
      return Outlet.useSync(({ metrics }) => metrics.observe(command.name, command.value));
  }
};

const read = Effect.fnUntraced(function* (command: Extract<Command, { kind: 'read' }>) {
  const { sources, decode } = yield* Sources;
  const source = sources[command.source];
  if (source === undefined) return;
  const [around, { span }] = [yield* Around, yield* Outlet];
  const endSpan = span?.('flags.read', { 'flags.source': source.name });
  // Whoever looks at a read sees what it led to as a part of it.
  const settled = Effect.tap(readSource(source, command.known, command.announced, decode), (outcome) =>
    tell({ kind: 'read-settled', read: command.read, outcome }),
  );
  yield* Effect.onExit(around('flags.read', source.name, settled), (exit) =>
    Effect.sync(() => endSpan?.(Exit.isSuccess(exit) ? problemIn(exit.value) : 'the read was given up')),
  );
});
