import { describeOption, showOption } from '../../adapter-kit/adapter-options.ts';
import { BELIEVABLE_PAUSE_MS, BELIEVABLE_WAIT_MS } from '../../adapter-kit/duration-units.ts';
import { boundOf, leastStaleAfterMs } from '../../refresh/bound.ts';
import type { LogLevel } from '../../refresh/protocol.ts';
import {
  DEFAULT_BREAKER,
  DEFAULT_SETTINGS,
  pauseMs,
  type RefreshMode,
  type Settings,
  usesFeed,
} from '../../refresh/settings.ts';
import { DEFAULT_MAX_BYTES } from '../../document/is-larger.ts';
import { isObject } from '../../document/is-object.ts';
import type { FlagValue } from '../../document/types.ts';
import type { FlagSource } from '../../ports/source.ts';
import { checkShapes, checkSource, unknownOptions } from './check-shapes.ts';
import { detectEnvironment, ENVIRONMENT_DEFAULTS, type Environment } from './environment.ts';
import { sourcesOf } from './fallback.ts';
import { LOG_LEVELS } from '../events/logger.ts';
import { InvalidOptionsError, OptionReader } from './option-reader.ts';
import type { FlagClientOptions } from './options.ts';
import { DEFAULT_REMEMBERED, DEFAULT_WINDOW_MS } from '../answers/exposures.ts';
import { overrideProblem } from '../answers/overrides.ts';
import { runtimeVariables } from './variables.ts';

export interface ResolvedOptions {
  readonly settings: Settings;
  readonly sources: readonly FlagSource[];
  readonly name: string | undefined;
  readonly environment: Environment;
  readonly logLevel: LogLevel;
  readonly overrides: Readonly<Record<string, FlagValue>>;
  readonly metricsEnabled: boolean;
  readonly allowEmpty: boolean;
  readonly maxDocumentBytes: number;
  readonly closeTimeoutMs: number;
  /** Said in the start log: choices that were made for the user. */
  readonly warnings: readonly string[];
}

const MODES: readonly RefreshMode[] = ['periodic', 'pubsub', 'both', 'none'];

/**
 * Every setting of a client: options in code, then variables, then the defaults of the environment.
 *
 * @throws InvalidOptionsError with a sentence for each option or variable that cannot be used
 */
export function resolveOptions(options: FlagClientOptions): ResolvedOptions {
  if (!isObject(options)) {
    throw new InvalidOptionsError([
      `options are ${describeOption(options)}; allowed is an object with a source: { source: fileSource({ path }) }`,
    ]);
  }
  const variables = options.variables === false ? {} : (options.variables ?? runtimeVariables());
  const read = new OptionReader(variables);
  const sources = checkSources(options, read.problems);
  checkShapes(options, read.problems);
  const named = typeof options.environment === 'string' ? options.environment : undefined;
  const detected = detectEnvironment(named ?? read.text('ENVIRONMENT') ?? read.text('NODE_ENV'));
  const defaults = ENVIRONMENT_DEFAULTS[detected.environment];
  const warnings: string[] = [...unknownOptions(options)];
  if (detected.unknown !== undefined) {
    warnings.push(
      `environment ${JSON.stringify(detected.unknown)} is not known; development is assumed (known: production, staging, development, test)`,
    );
  }

  const names = sources.map(({ name }) => name);
  const mode = resolveMode(options, read, defaults.mode, detected.unnamed, warnings);
  const breaker = options.breaker ?? {};
  const recoveryTimeoutMs = read.duration(
    {
      option: 'breaker.recoveryTimeoutMs',
      variable: 'FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT',
      believableFromMs: BELIEVABLE_PAUSE_MS,
    },
    breaker.recoveryTimeoutMs,
    DEFAULT_BREAKER.recoveryTimeoutMs,
  );
  const settings: Settings = {
    mode,
    intervalMs: read.duration(
      { option: 'refreshIntervalMs', variable: 'FEATURE_FLAG_REFRESH_INTERVAL', believableFromMs: BELIEVABLE_PAUSE_MS },
      options.refreshIntervalMs,
      defaults.intervalMs,
    ),
    jitter: read.number({ option: 'refreshJitter' }, options.refreshJitter, DEFAULT_SETTINGS.jitter, 0, 0.5),
    staleAfterMs: read.duration(
      { option: 'staleAfterMs', variable: 'FEATURE_FLAG_STALE_THRESHOLD', believableFromMs: BELIEVABLE_PAUSE_MS },
      options.staleAfterMs,
      defaults.staleAfterMs,
    ),
    timeoutMs: read.duration(
      { option: 'timeoutMs', believableFromMs: BELIEVABLE_WAIT_MS },
      options.timeoutMs,
      DEFAULT_SETTINGS.timeoutMs,
    ),
    noticeSpreadMs: read.duration(
      { option: 'noticeSpreadMs' },
      options.noticeSpreadMs,
      DEFAULT_SETTINGS.noticeSpreadMs,
      0,
    ),
    minNoticeGapMs: read.duration(
      { option: 'minNoticeGapMs' },
      options.minNoticeGapMs,
      DEFAULT_SETTINGS.minNoticeGapMs,
    ),
    breaker: {
      failureThreshold: read.integer(
        { option: 'breaker.failureThreshold', variable: 'FEATURE_FLAG_BREAKER_FAILURE_THRESHOLD' },
        breaker.failureThreshold,
        DEFAULT_BREAKER.failureThreshold,
        1,
        1_000,
      ),
      recoveryTimeoutMs,
      growth: read.number({ option: 'breaker.growth' }, breaker.growth, DEFAULT_BREAKER.growth, 1, 10),
      maxRecoveryTimeoutMs: read.duration(
        { option: 'breaker.maxRecoveryTimeoutMs', believableFromMs: BELIEVABLE_PAUSE_MS },
        breaker.maxRecoveryTimeoutMs,
        Math.max(DEFAULT_BREAKER.maxRecoveryTimeoutMs, recoveryTimeoutMs),
        recoveryTimeoutMs,
      ),
    },
    sources: names,
    feed: usesFeed(mode) ? options.feed?.name : undefined,
    hasCache: options.cache !== undefined,
    background: true,
  };
  const resolved: ResolvedOptions = {
    settings,
    sources,
    name: resolveName(options.name, read.problems),
    environment: detected.environment,
    logLevel: read.choice(
      { option: 'logLevel', variable: 'FEATURE_FLAG_LOG_LEVEL' },
      options.logLevel,
      'warn',
      LOG_LEVELS,
    ),
    overrides: resolveOverrides(options, read),
    metricsEnabled:
      options.metrics !== false &&
      read.flag({ option: 'metrics', variable: 'FEATURE_FLAG_ENABLE_METRICS' }, undefined, true),
    allowEmpty: read.flag({ option: 'allowEmpty' }, options.allowEmpty, false),
    maxDocumentBytes: read.integer(
      { option: 'maxDocumentBytes' },
      options.maxDocumentBytes,
      DEFAULT_MAX_BYTES,
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    closeTimeoutMs: read.duration(
      { option: 'closeTimeoutMs', believableFromMs: BELIEVABLE_WAIT_MS },
      options.closeTimeoutMs,
      2_000,
    ),
    warnings,
  };
  read.duration(
    { option: 'exposures.windowMs', believableFromMs: BELIEVABLE_PAUSE_MS },
    options.exposures?.windowMs,
    DEFAULT_WINDOW_MS,
  );
  read.integer({ option: 'exposures.remembered' }, options.exposures?.remembered, DEFAULT_REMEMBERED, 1, 1_000_000);
  if (read.problems.length === 0) checkStaleness(settings, read);
  if (read.problems.length > 0) throw new InvalidOptionsError(read.problems);
  // Tests wait for as little as they can.
  if (detected.environment !== 'test') warnings.push(...read.doubts);
  return resolved;
}

function resolveMode(
  options: FlagClientOptions,
  read: OptionReader,
  byDefault: RefreshMode,
  unnamed: boolean,
  warnings: string[],
): RefreshMode {
  const variable = 'FEATURE_FLAG_REFRESH_MODE';
  const mode = read.choice({ option: 'refreshMode', variable }, options.refreshMode, byDefault, MODES);
  const asked =
    options.refreshMode !== undefined ? 'refreshMode' : read.text(variable) !== undefined ? variable : undefined;
  if (unnamed && asked === undefined) {
    warnings.push(
      `no environment is named, and development is assumed: its mode none reads once and then never again by itself${options.feed === undefined ? '' : ', nor when the feed announces a change'}; set ENVIRONMENT (or NODE_ENV, or environment) to one of production, staging, development, test, or set refreshMode or ${variable}`,
    );
  } else if (!usesFeed(mode) && options.feed !== undefined && asked === undefined) {
    const instead = mode === 'none' ? 'refresh()' : 'polls';
    warnings.push(
      `mode ${mode} is the default here, so the feed is not listened to and changes arrive only by ${instead}; set refreshMode or ${variable} to both, or to ${mode} if it is meant`,
    );
  }
  if (!usesFeed(mode) || options.feed !== undefined) return mode;
  if (asked === undefined) {
    warnings.push(
      `mode ${mode} is the default here but there is no feed: periodic is used; give a feed, or ask for periodic`,
    );
    return 'periodic';
  }
  read.problems.push(
    `${asked} is "${mode}", which needs a feed, and none is given; allowed is periodic or none, or any with \`feed\``,
  );
  return mode;
}

/** Flags that would turn stale although everything works are a mistake in the options, and not news at night. */
function checkStaleness(settings: Settings, { problems, doubts }: OptionReader): void {
  const leastMs = leastStaleAfterMs(settings);
  if (leastMs === undefined) return;
  const pause = pauseMs(settings) ?? 0;
  problems.push(
    `staleAfterMs is ${settings.staleAfterMs}: in mode ${settings.mode} with a pause of ${pause} ms the flags would be called stale ` +
      `while everything works (${boundOf(settings).arithmetic}); allowed is more than ${leastMs} ms, or a shorter interval or deadline${doubts.map((doubt) => `; ${doubt}`).join('')}`,
  );
}

function checkSources({ source }: FlagClientOptions, problems: string[]): readonly FlagSource[] {
  const given = isObject(source) ? sourcesOf(source) : [source];
  const before = problems.length;
  for (const one of given) checkSource(one, problems);
  return problems.length === before ? (given as readonly FlagSource[]) : [];
}

/** It is a label of metrics and stands in queries. */
const NAME = /^[\w.-]{1,64}$/;

function resolveName(given: unknown, problems: string[]): string | undefined {
  if (given === undefined || (typeof given === 'string' && NAME.test(given))) return given;
  problems.push(`name is ${showOption(given)}; allowed is a text of 1 to 64 letters, digits, '-', '_' and '.'`);
  return undefined;
}

const OVERRIDES = 'FEATURE_FLAG_OVERRIDES';

function resolveOverrides(options: FlagClientOptions, read: OptionReader): Readonly<Record<string, FlagValue>> {
  return { ...variableOverrides(read), ...checkOverrides(options.overrides, read.problems) };
}

/** Overrides as they were given in code. What cannot be used is left out and said in `problems`. */
function checkOverrides(given: unknown, problems: string[]): Readonly<Record<string, FlagValue>> {
  if (given === undefined) return {};
  if (isObject(given)) return usable('overrides', given, problems);
  problems.push(
    `overrides is ${describeOption(given)}; allowed is an object of flag values such as { new_checkout: false }`,
  );
  return {};
}

function variableOverrides(read: OptionReader): Readonly<Record<string, FlagValue>> {
  const text = read.text(OVERRIDES);
  if (text === undefined) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (isObject(parsed)) return usable(OVERRIDES, parsed, read.problems);
  read.problems.push(
    `${OVERRIDES} is text that is not a JSON object of flag values; allowed is one such as {"new_checkout":false}`,
  );
  return {};
}

function usable(
  name: string,
  given: Readonly<Record<string, unknown>>,
  problems: string[],
): Readonly<Record<string, FlagValue>> {
  const entries = Object.entries(given).filter(([key, value]) => {
    const problem = overrideProblem(`${name}[${JSON.stringify(key)}]`, value);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  return Object.fromEntries(entries) as Record<string, FlagValue>;
}
