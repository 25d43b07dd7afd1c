import { checkedSwitch, describeOption, requireFunction, requireOptions } from '@clarity/flags-core/adapter-kit';
import {
  checkedPrefix,
  checkedStreamLimits,
  gate,
  type RoutePath,
  router,
  safeErrorListener,
  SeparateStreams,
  type Streams,
  under,
} from '@clarity/flags-web';
import { type AlertFacts, type AlertOptions, type AlertRule, alertRules } from './alerts/alert-rules.ts';
import { AlertWatch } from './alerts/alert-watch.ts';
import { admitted, type Authorizer, type Caller } from './authorizer.ts';
import { controlRoutes } from './control-routes.ts';
import type { ErrorListener } from './error-listener.ts';
import { grafanaDashboard, type GrafanaOptions } from './grafana/dashboard.ts';
import { healthRoutes } from './health-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { expositionSource, type ReadableMetrics } from './metrics/exposition-source.ts';
import { overrideRoutes } from './override-routes.ts';
import { pageRoutes } from './page-routes.ts';
import type { RouteName } from './route-name.ts';
import { completed, requireClient, type ShownClient } from './shown-client.ts';
import { StateStream, type StreamParts } from './stream/state-stream.ts';
import type { StreamOptions } from './stream/stream-options.ts';

/** What shapes the routes. */
export interface RouteOptions {
  /**
   * The path that health, ready, live, status, refresh, overrides and stream stand under; `''` for the root. Default
   * `/feature-flags`.
   */
  readonly prefix?: string;
  /** The path that prometheus, dashboard, alerts, grafana and rules stand under. Default `/metrics/feature-flags`. */
  readonly metricsPrefix?: string;
  /**
   * Asked before every route but the page. Without it health, ready, live and the metrics are open, as probes and
   * scrapers expect, and status, refresh, overrides and stream are closed. `onlyClosedRoutes(bearerToken(token))` keeps
   * the first and opens the second.
   */
  readonly authorize?: Authorizer;
  /** A small page at the prefix itself (`/feature-flags`) that shows all of it live. Default false. */
  readonly page?: boolean;
  /**
   * Whether the host ends every path with a slash, as Next does with its option of that name: then every route stands
   * at its path with one, and only there. Default false. The page is found both ways.
   */
  readonly trailingSlash?: boolean;
  /** How long conditions last before their alerts fire, and which series the rules look at. */
  readonly alerts?: AlertOptions;
  /** Title and uid of the Grafana dashboard. */
  readonly grafana?: GrafanaOptions;
  /** Bounds of the event stream. */
  readonly stream?: StreamOptions;
}

export interface FlagHandlerOptions extends RouteOptions {
  /** The client whose state is shown: that of servers, or that of edge runtimes. It is not closed by the handler. */
  readonly client: ShownClient;
  /**
   * The sink that the client was given, to be read here: `textMetrics()`, or that of an adapter. Default: one of the
   * handler's own, which knows how the client stands but nothing that is counted over time.
   */
  readonly metrics?: ReadableMetrics;
  /** Told about errors that the caller only sees as a 500. Default: prints the error's name to the console. */
  readonly onError?: ErrorListener;
}

/** Answers one request. Never throws and never rejects. */
export interface FlagHandler {
  (request: Request): Promise<Response>;
  /** Every path that it answers, prefix included; for all others it says 404. Lets a router pass the rest on. */
  readonly paths: ReadonlySet<string>;
  /** Ends every open event stream, so that a server which waits for its connections can close. */
  readonly closeStreams: () => void;
}

/**
 * One web-standard handler for Bun, Deno, workerd, Hono and (through `@clarity/flags-http/node`) Node.
 *
 * A path is matched exactly as it stands in `request.url`: case counts, nothing is decoded, and a doubled or trailing
 * slash, a `.` or `..` segment or a fragment makes another path, so 404; `trailingSlash` is for hosts that end every
 * path with a slash. There is one spelling for each route where the
 * request shows what was typed, as on Deno, and on Node through `nodeListener`. `Bun.serve` resolves segments before
 * `fetch` is called and not before it looks into `routes`; workerd resolves them always. There a rule of a proxy about
 * paths is no guard; an authorizer is.
 *
 * @throws {TypeError | RangeError} when an option is not what it may be; the message says what is allowed.
 */
export function createFlagHandler(options: FlagHandlerOptions): FlagHandler {
  requireClient(options);
  checkParts(options);
  const report = safeErrorListener(options.onError);
  const { paths, stream } = assemble(options, report);
  const handle = router({
    paths,
    gate: gate({
      authorize: options.authorize,
      admitted,
      opening: "authorize: onlyClosedRoutes(bearerToken(token)), both from '@clarity/flags-http'",
      report,
    }),
    report,
  });
  return Object.assign(handle, {
    paths: new Set(paths.map(({ pattern }) => pattern)),
    closeStreams: () => stream.close(),
  });
}

/**
 * For callers without types: a value that is not a function or sink would be found out by the first request, or by
 * nobody.
 */
function checkParts({ authorize, onError, metrics, alerts, grafana, stream }: FlagHandlerOptions): void {
  if (authorize !== undefined) requireFunction('authorize', authorize, 'onlyClosedRoutes(bearerToken(token))');
  if (onError !== undefined) requireFunction('onError', onError, '(error) => log(error)');
  if (metrics !== undefined && typeof (metrics as Partial<ReadableMetrics> | null)?.exposition !== 'function') {
    throw new TypeError(
      `metrics is ${describeOption(metrics)}; allowed is what has an exposition(): the textMetrics() or prometheusMetrics() that ` +
        'the client was given, or nothing',
    );
  }
  if (alerts !== undefined) requireOptions(alerts, 'alerts', '{ forMs, selector, runbookUrl }, or nothing');
  if (grafana !== undefined) requireOptions(grafana, 'grafana', '{ title, uid }, or nothing');
  if (stream !== undefined)
    requireOptions(stream, 'stream', '{ maxClients, heartbeatMs, maxBufferedBytes }, or nothing');
}

/** Facts of no client in particular: options are judged alike for all. */
const NO_FACTS: AlertFacts = {
  bound: { healthy_seconds: null, after_outage_seconds: null, arithmetic: '' },
  feed: 'none',
};

function assemble(
  options: FlagHandlerOptions,
  report: (error: unknown) => void,
): { readonly paths: readonly RoutePath<RouteName, Caller>[]; readonly stream: Streams } {
  const client = completed(options.client);
  const prefix = checkedPrefix('prefix', options.prefix ?? '/feature-flags');
  const metricsPrefix = checkedPrefix('metricsPrefix', options.metricsPrefix ?? '/metrics/feature-flags');
  if (prefix === metricsPrefix) {
    throw new TypeError(`prefix and metricsPrefix are both ${JSON.stringify(prefix)}; allowed is two that differ`);
  }
  const rules = (health: AlertFacts): readonly AlertRule[] => alertRules(health, options.alerts);
  // Mistakes in the options are told now and not by the first request.
  alertRules(NO_FACTS, options.alerts);
  const grafana = grafanaDashboard(options.grafana);
  const limits = checkedStreamLimits(options.stream ?? {});

  const alerts = new AlertWatch(client, rules);
  const parts: StreamParts = {
    client,
    limits,
    alerts: (health) => alerts.active(health),
    report,
    onDropped: () => {
      try {
        source.sink().count('feature_flag_stream_clients_dropped_total');
      } catch (error) {
        report(error);
      }
    },
  };
  // A client without events is one without a background, and so is its runtime.
  const state = options.client.on === undefined ? undefined : new StateStream(parts);
  const stream = state ?? separateStreams(parts);
  const source = expositionSource(client, options.metrics, () => stream.clients, report);
  const ending = checkedSwitch('trailingSlash', options.trailingSlash) ? '/' : '';
  const routes = [
    ...under(prefix, [...healthRoutes(client), ...controlRoutes(client, alerts, stream)]),
    ...under(
      prefix,
      overrideRoutes(client, () => state?.lookSoon()),
    ),
    ...under(metricsPrefix, metricsRoutes({ client, source, alerts, rules, grafana })),
  ];
  const paths = [
    ...routes.map((path) => ({ ...path, pattern: path.pattern + ending })),
    ...(checkedSwitch('page', options.page) ? pageRoutes(prefix, ending) : []),
  ];
  return { paths, stream };
}

function separateStreams(parts: StreamParts): Streams {
  return new SeparateStreams(parts.limits.maxClients, (onDropped) => {
    const tellBoth = (): void => {
      onDropped();
      parts.onDropped();
    };
    return new StateStream({ ...parts, onDropped: tellBoth });
  });
}
