import type { Server } from 'node:http';
import { createFlagClient, type FlagClient, type FlagClientOptions } from '@clarity/flags-core';
import {
  createFlagHandler,
  type FlagHandler,
  type ReadableMetrics,
  type RouteOptions,
  textMetrics,
} from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { checkedNumber, describeOption, LONGEST_TIMEOUT_MS, requireOptions } from '@clarity/flags-core/adapter-kit';
import type { Application, RequestHandler } from 'express';
import { type ErrorListener, errorReport, type Report } from './error-report.ts';
import { requestFlags, type RequestContext } from './request-flags.ts';
import { watchServers } from './watch-servers.ts';

/** Prefixes are relative to the app. */
interface ExpressOptions extends RouteOptions {
  /** Who asks, for `req.flags`. Default: nobody in particular. */
  readonly context?: RequestContext;
  /** How long to wait for flags before going on without, 0 to 2^31-1 ms. 0 does not wait. Default 5,000. */
  readonly readyTimeoutMs?: number;
  /**
   * The server, when `app.listen` does not make it (HTTPS, or one that listens already): the client closes when it
   * does.
   */
  readonly server?: Server;
  /**
   * Told about errors that no request shows, with their cause. Default: they are logged (by the `logger` of the
   * client's options, else on the console) at level `warn`, each at most once a minute and without the cause's message.
   */
  readonly onError?: ErrorListener;
}

/** With a client of the application's own, which stays the application's to close. */
export interface GivenClientOptions extends ExpressOptions {
  readonly client: FlagClient;
  /** The sink that the client was given, if it can be read; the metrics routes serve it. */
  readonly metrics?: ReadableMetrics;
}

/** With the options of `createFlagClient`: the client that is made closes with the app's server. */
export type OwnClientOptions = ExpressOptions &
  FlagClientOptions & {
    readonly client?: undefined;
    /**
     * Where metrics go; `false` counts nothing. Default: `textMetrics()`, which the metrics routes serve. They also
     * serve any other sink that has an `exposition`.
     */
    readonly metrics?: FlagClientOptions['metrics'] | ReadableMetrics;
  };

export type SetupOptions = GivenClientOptions | OwnClientOptions;

const DEFAULT_READY_TIMEOUT_MS = 5_000;

/** For all copies of this module in a process: two formats of it, or what a hot reload left. */
const APPS: unique symbol = Symbol.for('@clarity/flags-express/apps') as never;
const apps = ((globalThis as { [APPS]?: WeakSet<Application> })[APPS] ??= new WeakSet());

/**
 * Puts feature flags into an Express application (4 or 5): `req.flags` for the handlers registered after this call, and
 * the routes of `@clarity/flags-http`. Resolves with the client when flags are there, or after `readyTimeoutMs` without
 * them: a store that is down is logged and never rejects this.
 *
 * The client closes when the app's server has closed, or by `flags.close()`, unless it was given. Signals are left
 * alone.
 *
 * @throws {TypeError | RangeError} (as a rejection) for bad options; then nothing is mounted and nothing is left
 * running.
 */
export async function setupFeatureFlags(app: Application, options: SetupOptions): Promise<FlagClient> {
  checkCall(app, options);
  const { context, readyTimeoutMs = DEFAULT_READY_TIMEOUT_MS, server, onError, client: given, ...rest } = options;
  checkOptions(app, options, readyTimeoutMs);
  const report = errorReport({ ...rest, ...(onError !== undefined && { onError }) });
  const { routes, own } = parted(rest);
  const sink = own.metrics ?? (given === undefined ? textMetrics() : undefined);
  const client =
    given ?? createFlagClient({ ...(own as FlagClientOptions), ...(sink !== undefined && { metrics: sink }) });
  let handler: FlagHandler;
  try {
    handler = createFlagHandler({
      ...routes,
      client,
      ...(isReadable(sink) && { metrics: sink }),
      onError: (error) => report('a request to the flag routes failed', error),
    });
    const listener = nodeListener(handler, {
      onError: (error) => report('an answer of the flag routes failed', error),
    });
    apps.add(app);
    // Before anything is waited for: the order of middleware is the order of the calls.
    app.use(onlyAt(app, handler.paths, listener), requestFlags(client, context, report));
  } catch (error) {
    if (given === undefined) await client.close();
    throw error;
  }
  watchServers(app, server, {
    // A stream has no end of its own, and a server closes only when nobody is being answered any more.
    closing: handler.closeStreams,
    closed: () => {
      if (given !== undefined) return;
      client.close().catch((error: unknown) => report('the client did not close cleanly', error));
    },
  });
  await ready(client, readyTimeoutMs, report);
  return client;
}

/** Every option that is the handler's. */
const ROUTE_OPTIONS: Readonly<Record<keyof RouteOptions, true>> = {
  prefix: true,
  metricsPrefix: true,
  authorize: true,
  page: true,
  trailingSlash: true,
  alerts: true,
  grafana: true,
  stream: true,
};

/** The handler's options, and those of the client, which warns of what it does not know. */
function parted<Options extends object>(
  options: Options,
): { readonly routes: RouteOptions; readonly own: Omit<Options, keyof RouteOptions> } {
  const ofRoutes: [string, unknown][] = [];
  const others: [string, unknown][] = [];
  for (const option of Object.entries(options))
    (Object.hasOwn(ROUTE_OPTIONS, option[0]) ? ofRoutes : others).push(option);
  return {
    // Left out and undefined are one.
    routes: Object.fromEntries(ofRoutes.filter(([, given]) => given !== undefined)),
    own: Object.fromEntries(others) as Omit<Options, keyof RouteOptions>,
  };
}

function isReadable(sink: SetupOptions['metrics']): sink is ReadableMetrics {
  return typeof sink === 'object' && 'exposition' in sink && typeof sink.exposition === 'function';
}

/** For callers without types. */
function checkCall(app: unknown, options: SetupOptions): void {
  const { use, listen } = (app ?? {}) as Partial<Record<'use' | 'listen', unknown>>;
  if (typeof use !== 'function' || typeof listen !== 'function') {
    throw new TypeError(
      `app is ${describeOption(app)}; ` +
        'allowed is an Express application: setupFeatureFlags(app, { source }) with app = express()',
    );
  }
  requireOptions(options, 'setupFeatureFlags', '{ source }, or { client }');
  const { client, source } = options as Partial<Record<'client' | 'source', unknown>>;
  if (client === null || (client === undefined && source === undefined)) {
    throw new TypeError(
      `${client === null ? 'client is null' : 'source is missing, and so is client'}; allowed is { source }, such as fileSource({ path }), or { client }`,
    );
  }
}

function checkOptions(app: Application, options: SetupOptions, readyTimeoutMs: number): void {
  checkedNumber('readyTimeoutMs', readyTimeoutMs, 0, LONGEST_TIMEOUT_MS, 'ms');
  if (options.client !== undefined && 'source' in options) {
    throw new TypeError('client and source are both given; allowed is a client, or the options to make one from');
  }
  if (apps.has(app)) {
    throw new TypeError(
      'app is one that setupFeatureFlags was called on before; allowed is one call, whose client is kept',
    );
  }
}

/** Hands `listener` the requests to exactly these paths, and leaves every other one to the application. */
function onlyAt(app: Application, paths: ReadonlySet<string>, listener: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const query = request.url.indexOf('?');
    const path = query === -1 ? request.url : request.url.slice(0, query);
    if (paths.has(path) && isSpelledAsMounted(app, request.baseUrl)) listener(request, response, next);
    else next();
  };
}

/** Characters that stand for themselves where an application is mounted, in Express 4 and in 5. */
const PLAIN_PATH = /^[\w/~-]*$/;

/**
 * Express finds `/ops` by `/OPS`, too, where one application is mounted in another. A proxy's rule about `/ops` does
 * not, so the routes have the one spelling. Of a pattern, or of a router in between, nobody can say how it is spelled.
 */
function isSpelledAsMounted(app: Application, baseUrl: string): boolean {
  const mountedAt = app.path();
  return !PLAIN_PATH.test(mountedAt) || baseUrl.endsWith(mountedAt);
}

async function ready(client: FlagClient, timeoutMs: number, report: Report): Promise<void> {
  if (timeoutMs === 0) return;
  try {
    await client.ready({ timeoutMs });
  } catch (error) {
    // The client's own message says what is wrong with the store, and holds no secret.
    const why =
      error instanceof Error && error.name === 'NotReadyError'
        ? error.message
        : 'the client could not say whether flags are there';
    report(`${why}; the application starts with what there is`, error);
  }
}
