import type { Health } from '@clarity/flags-core';
import { checkedNumber, LONGEST_TIMEOUT_MS } from '@clarity/flags-core/adapter-kit';
import type { MetricName } from '@clarity/flags-core/metrics';
import { duration, matchers, type Selector } from './promql.ts';
import { checkedRunbook } from './runbook.ts';

export type AlertName =
  | 'FeatureFlagConfigStale'
  | 'FeatureFlagCircuitBreakerOpen'
  | 'FeatureFlagRefreshOverdue'
  | 'FeatureFlagServedByFallback'
  | 'FeatureFlagSubscriberDown'
  | 'FeatureFlagDocumentRejected'
  | 'FeatureFlagStoreLostWrites'
  | 'FeatureFlagsSetAside'
  | 'FeatureFlagCacheFailing'
  | 'FeatureFlagRevisionSkew'
  | 'FeatureFlagNoInstanceReporting';

export type AlertSeverity = 'critical' | 'warning';

/** One alert, for Prometheus and for this process alike. */
export interface AlertRule {
  readonly name: AlertName;
  readonly severity: AlertSeverity;
  /** PromQL: the alert is active for each series that this yields. */
  readonly expr: string;
  /** How long that must last before the alert fires, in milliseconds. */
  readonly forMs: number;
  readonly summary: string;
  readonly description: string;
  /** What to do about it: its section in the runbook. */
  readonly runbookUrl: string;
  /**
   * The same question, asked of one client's health. Null where only Prometheus, which sees every instance, can answer.
   */
  readonly holds: ((health: Health) => boolean) | null;
  /** Which time it is that the condition holds: when this differs, it began anew, though nobody saw it end. */
  readonly occasion?: (health: Health) => string;
  /** How long it has held at least, in milliseconds, where health itself tells. */
  readonly heldMs?: (health: Health) => number;
  /** Of what happened and is over: how long it is told, in milliseconds. Left out: until the condition ends. */
  readonly toldForMs?: number;
}

export interface AlertOptions {
  /**
   * How long a condition must last before its alert fires, 0 to 2^31-1 ms, by alert. Default: as
   * docs/operations/alerts.md says.
   */
  readonly forMs?: Partial<Readonly<Record<AlertName, number>>>;
  /** Narrows each expression to series with these labels, such as `{ job: 'shop' }`. Default: every series. */
  readonly selector?: Selector;
  /**
   * Where the runbook is, without what begins with `#`: each alert is a section of it, named in small letters. Default:
   * `docs/operations/alerts.md` of this project.
   */
  readonly runbookUrl?: string;
}

/** A rule before it is known how long it must last, and where it is explained. */
type Condition = Omit<AlertRule, 'runbookUrl'>;

/** What the rules take from a client: its bound, whether it follows a feed, and its name, if it has one. */
export type AlertFacts = Pick<Health, 'bound' | 'feed'> & Partial<Pick<Health, 'client'>>;

const MINUTE_MS = 60_000;

/** Prometheus's own default: what it knows of an instance may be as old. */
const SCRAPE_INTERVAL_MS = MINUTE_MS;

/** Instances without a bound (mode `none`) are read by hand, one after another. */
const SKEW_WITHOUT_BOUND_MS = 15 * MINUTE_MS;

/** What a store has lost is no state that ends: it is told for so long. */
const LOST_WRITES_TOLD_MS = 60 * MINUTE_MS;

/** A cache that cannot be written is tried again after 8 verifications at most. */
const VERIFICATIONS_BETWEEN_SAVES = 8;

/**
 * The alerts for clients like this one. Thresholds that are not fixed by name follow from its bound: how late a change
 * can arrive while everything works. Those of a client with a name look at its own series only.
 *
 * @throws {TypeError} when a label of the selector is not one that Prometheus takes, or the runbook has no address
 * @throws {RangeError} when a duration is not an integer in its range, or is that of no alert
 */
export function alertRules(facts: AlertFacts, options: AlertOptions = {}): readonly AlertRule[] {
  const named: Selector = typeof facts.client === 'string' ? { client: facts.client } : {};
  const selector = { ...named, ...options.selector };
  const metric = (name: MetricName, more: Selector = {}): string => name + matchers({ ...more, ...selector });
  const revisions = metric('feature_flag_revision_info');
  const boundS = facts.bound.healthy_seconds;
  const rules: Condition[] = [
    {
      name: 'FeatureFlagConfigStale',
      severity: 'critical',
      expr: `${metric('feature_flag_stale_config')} == 1`,
      forMs: 5 * MINUTE_MS,
      summary: 'Feature flags are stale',
      description:
        'No source has verified the flags for longer than the staleness threshold, or there are none. Callers get the last good flags, or their own fallbacks. The health route names the last error.',
      holds: (health) => health.config_stale,
    },
    {
      name: 'FeatureFlagCircuitBreakerOpen',
      severity: 'warning',
      expr: `${metric('feature_flag_circuit_breaker_state')} != 0`,
      // Half-open counts as well: a scrape in the middle of a probe must not start the time anew.
      forMs: 2 * MINUTE_MS,
      summary: 'The circuit breaker of the flag store is not closed',
      description:
        'Reads of the flag store failed one after another, so it is only probed from time to time. Look at the store, at the network to it and at the credentials.',
      holds: (health) => health.circuit_breaker_state !== 'closed',
    },
    {
      name: 'FeatureFlagDocumentRejected',
      severity: 'warning',
      expr: `${metric('feature_flag_document_rejected')} == 1`,
      forMs: MINUTE_MS,
      summary: 'The stored flag document is refused',
      description:
        'A document arrived whole and cannot be used, so what was served before it still is. The health route says where the fault is. Publish a mended document.',
      holds: (health) => health.rejected_document !== null,
      occasion: (health) => health.rejected_document?.at ?? '',
    },
    {
      name: 'FeatureFlagStoreLostWrites',
      severity: 'critical',
      expr: `increase(${metric('feature_flag_lost_writes_total')}[${duration(LOST_WRITES_TOLD_MS)}]) > 0`,
      // It is certain, and it is over.
      forMs: 0,
      summary: 'The flag store lost publications that were served',
      description:
        'The store no longer has what it had confirmed and this instance had served, an emergency switch perhaps; a later publication took its place. Publish again what was lost. The health route names the revisions.',
      holds: (health) => health.lost_writes !== null,
      occasion: (health) => JSON.stringify(health.lost_writes),
      toldForMs: LOST_WRITES_TOLD_MS,
    },
    {
      name: 'FeatureFlagsSetAside',
      severity: 'warning',
      expr: `${metric('feature_flag_set_aside_flags')} > 0`,
      forMs: MINUTE_MS,
      summary: 'Flags cannot be read by this version',
      description:
        'Some flags cannot be read: they are newer, or have a mistake. Callers get their fallbacks. The health route says why. Update the application, or mend them.',
      holds: (health) => health.set_aside_flags.length > 0,
    },
    {
      name: 'FeatureFlagServedByFallback',
      severity: 'warning',
      // Without what names the document: another one from the fallback must not start the time anew.
      expr: `max without (revision, origin) (${metric('feature_flag_revision_info', { origin: 'fallback' })}) == 1`,
      forMs: 5 * MINUTE_MS,
      summary: 'Feature flags come from a fallback store',
      description:
        'The first store does not answer, or has no usable document, and the flags of a fallback are served. What is published to the first store does not arrive. The health route names the last error.',
      holds: (health) => health.origin?.kind === 'fallback',
    },
    {
      name: 'FeatureFlagRevisionSkew',
      severity: 'warning',
      // Against the most that one instance serves: clients without a name may each have a document of its own.
      expr: `count by (job, client) (count by (job, client, revision) (${revisions})) > on (job, client) max by (job, client) (count by (job, client, instance) (count by (job, client, instance, revision) (${revisions})))`,
      forMs: boundS === null ? SKEW_WITHOUT_BOUND_MS : wholeMinutes(boundS) + SCRAPE_INTERVAL_MS,
      summary: 'Instances serve different flag documents',
      description:
        'Instances of one job disagree for longer than a change needs to reach all of them. Compare feature_flag_revision_info by instance; the ones behind have a failing store, a rejected document or another store.',
      holds: null,
    },
    {
      name: 'FeatureFlagNoInstanceReporting',
      severity: 'critical',
      expr: `absent(${metric('feature_flag_stale_config')})`,
      forMs: 5 * MINUTE_MS,
      summary: 'No instance reports on its feature flags',
      description: 'Nothing is scraped: no instance runs, the scrape fails, or the metrics were switched off.',
      holds: null,
    },
  ];
  if (boundS !== null) {
    const cacheMs = wholeMinutes(VERIFICATIONS_BETWEEN_SAVES * boundS) + SCRAPE_INTERVAL_MS;
    rules.push({
      name: 'FeatureFlagCacheFailing',
      severity: 'warning',
      // One failure counts for the time of the range, and so does not fire: those that fire were repeated.
      expr: `increase(${metric('feature_flag_isolated_errors_total', { where: 'cache' })}[${duration(cacheMs)}]) > 0`,
      forMs: cacheMs,
      summary: 'The last-known-good cache cannot be used',
      description:
        'This changes no answer; but a process that starts while the store is down begins with older flags, or with none. The health route says why: look at the rights to the file and at the space on the disk.',
      holds: (health) => health.cache_error !== null,
    });
    rules.push({
      name: 'FeatureFlagRefreshOverdue',
      severity: 'warning',
      // The age at the scrape: time() would add how long ago that was, and ring for a client that is well. So is one
      // that refreshes while a cache on the way answers: its flags are as old as that has kept them.
      expr: `timestamp(${metric('feature_flag_last_refresh_timestamp')}) - ${metric('feature_flag_last_refresh_timestamp')} > ${boundS} unless increase(${metric('feature_flag_refresh_success_total')}[${duration(wholeMinutes(boundS) + SCRAPE_INTERVAL_MS)}]) > 0`,
      forMs: MINUTE_MS,
      summary: 'Feature flags are verified later than they should be',
      description: `While everything works the flags are verified at least every ${boundS} s (${facts.bound.arithmetic}). Flags that stay unverified turn stale, which FeatureFlagConfigStale tells.`,
      holds: (health) => (health.config_age_seconds ?? 0) > boundS && (health.refresh_failures > 0 || health.closed),
      occasion: (health) => health.last_refresh ?? '',
      heldMs: (health) => ((health.config_age_seconds ?? boundS) - boundS) * 1_000,
    });
  }
  if (facts.feed !== 'none') {
    rules.push({
      name: 'FeatureFlagSubscriberDown',
      severity: 'warning',
      expr: `${metric('feature_flag_subscriber_up')} == 0`,
      forMs: 5 * MINUTE_MS,
      summary: 'The change feed is not subscribed',
      description:
        'No notice of a change arrives: changes wait for the next poll that succeeds. Look at feed_error, the feed’s server and the rights to subscribe.',
      holds: (health) => health.feed === 'connecting' || health.feed === 'down',
    });
  }
  const runbook = checkedRunbook(options.runbookUrl);
  return withDurations(rules, options.forMs ?? {}).map((rule) => ({
    ...rule,
    runbookUrl: `${runbook}#${rule.name.toLowerCase()}`,
  }));
}

function wholeMinutes(seconds: number): number {
  return Math.ceil(seconds / 60) * MINUTE_MS;
}

function withDurations(rules: readonly Condition[], forMs: NonNullable<AlertOptions['forMs']>): readonly Condition[] {
  const chosen = new Map(Object.entries(forMs));
  for (const [name, ms] of chosen) {
    if (!ALERT_NAMES.has(name)) {
      throw new RangeError(
        `a name in alerts.forMs is ${JSON.stringify(name)}; allowed is one of ${[...ALERT_NAMES].join(', ')}`,
      );
    }
    checkedNumber(`alerts.forMs.${name}`, ms, 0, LONGEST_TIMEOUT_MS, 'ms');
  }
  return rules.map((rule) => ({ ...rule, forMs: chosen.get(rule.name) ?? rule.forMs }));
}

const EVERY_ALERT: Readonly<Record<AlertName, true>> = {
  FeatureFlagConfigStale: true,
  FeatureFlagCircuitBreakerOpen: true,
  FeatureFlagRefreshOverdue: true,
  FeatureFlagServedByFallback: true,
  FeatureFlagSubscriberDown: true,
  FeatureFlagDocumentRejected: true,
  FeatureFlagStoreLostWrites: true,
  FeatureFlagsSetAside: true,
  FeatureFlagCacheFailing: true,
  FeatureFlagRevisionSkew: true,
  FeatureFlagNoInstanceReporting: true,
};
const ALERT_NAMES: ReadonlySet<string> = new Set(Object.keys(EVERY_ALERT));
