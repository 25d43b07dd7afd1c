import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../../../src/client/options/option-reader.ts';
import type { FlagClientOptions } from '../../../src/client/options/options.ts';
import { resolveOptions } from '../../../src/client/options/resolve-options.ts';
import { manualFeed } from '../../support/manual-feed.ts';
import { holds, scriptedSource } from '../../support/scripted-source.ts';

const source = scriptedSource(holds(1));
const DEV = { ENVIRONMENT: 'development' };

function resolve(variables: Record<string, string>, options: Partial<FlagClientOptions> = {}) {
  return resolveOptions({ source, variables, ...options });
}

function problemsOf(variables: Record<string, string>, options: Partial<FlagClientOptions> = {}): readonly string[] {
  try {
    resolve(variables, options);
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it.each([
    ['production', 'both', 60_000, 300_000],
    ['prod', 'both', 60_000, 300_000],
    ['Staging', 'periodic', 120_000, 600_000],
    ['stage', 'periodic', 120_000, 600_000],
    ['dev', 'none', 720_000, 3_600_000],
    ['local', 'none', 720_000, 3_600_000],
    ['test', 'none', 720_000, 3_600_000],
  ])('%s means mode %s, every %d ms, stale after %d ms', (name, mode, intervalMs, staleAfterMs) => {
    const feed = mode === 'both' ? { feed: manualFeed() } : {};
    const { settings, warnings } = resolve({ ENVIRONMENT: name, NODE_ENV: 'ignored' }, feed);
    expect(settings).toMatchObject({ mode, intervalMs, staleAfterMs });
    expect(warnings).toEqual([]);
  });

  it('is NODE_ENV where ENVIRONMENT is not set, and development where neither is', () => {
    expect(resolve({ NODE_ENV: 'production' }).environment).toBe('production');
    expect(resolve({}).environment).toBe('development');
  });

  it('that is not known means development, with a warning that names it', () => {
    const { environment, warnings } = resolve({ ENVIRONMENT: 'prodd' });
    expect(environment).toBe('development');
    expect(warnings).toEqual([expect.stringContaining('"prodd"')]);
    expect(resolve({ ENVIRONMENT: '__proto__' }).environment).toBe('development');
  });

  it('that nobody names is warned of where the mode follows from it, with a feed and without', () => {
    const said = /^no environment is named, and development is assumed: its mode none reads once/;
    expect(resolve({}).warnings).toEqual([expect.stringMatching(said)]);
    expect(resolve({ ENVIRONMENT: ' ', NODE_ENV: '' }).warnings).toEqual([expect.stringMatching(said)]);
    expect(resolve({}, { feed: manualFeed() }).warnings).toEqual([
      expect.stringMatching(/by itself, nor when the feed announces a change; set ENVIRONMENT/),
    ]);
    for (const named of [DEV, { NODE_ENV: 'test' }]) expect(resolve(named).warnings).toEqual([]);
    expect(resolve({}, { environment: 'development' }).warnings).toEqual([]);
    expect(resolve({}, { refreshMode: 'none' }).warnings).toEqual([]);
    expect(resolve({ FEATURE_FLAG_REFRESH_MODE: 'periodic' }).warnings).toEqual([]);
  });
});

describe('precedence', () => {
  it('is code, then variables, then the environment', () => {
    const variables = { ENVIRONMENT: 'staging', FEATURE_FLAG_REFRESH_INTERVAL: '30' };
    expect(resolve(variables).settings.intervalMs).toBe(30_000);
    expect(resolve(variables, { refreshIntervalMs: 10_000 }).settings.intervalMs).toBe(10_000);
    expect(resolve({ ENVIRONMENT: 'staging' }).settings.intervalMs).toBe(120_000);
  });

  it('reads every variable of the table, seconds as milliseconds', () => {
    const { settings, logLevel, overrides, metricsEnabled } = resolve(
      {
        FEATURE_FLAG_REFRESH_MODE: 'pubsub',
        FEATURE_FLAG_REFRESH_INTERVAL: '45',
        FEATURE_FLAG_STALE_THRESHOLD: '90.5',
        FEATURE_FLAG_BREAKER_FAILURE_THRESHOLD: '5',
        FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT: '10',
        FEATURE_FLAG_LOG_LEVEL: 'DEBUG',
        FEATURE_FLAG_OVERRIDES: '{"new_checkout":false}',
        FEATURE_FLAG_ENABLE_METRICS: 'off',
      },
      { feed: manualFeed() },
    );
    expect(settings).toMatchObject({
      mode: 'pubsub',
      intervalMs: 45_000,
      staleAfterMs: 90_500,
      breaker: { failureThreshold: 5, recoveryTimeoutMs: 10_000 },
    });
    expect({ logLevel, overrides, metricsEnabled }).toEqual({
      logLevel: 'debug',
      overrides: { new_checkout: false },
      metricsEnabled: false,
    });
  });
});

describe('a mode that needs a feed', () => {
  it('is refused without one if it was asked for, in code or by variable', () => {
    expect(problemsOf({}, { refreshMode: 'both' })).toEqual([expect.stringMatching(/^refreshMode is "both".*feed/)]);
    expect(problemsOf({ FEATURE_FLAG_REFRESH_MODE: 'pubsub' })).toEqual([
      expect.stringMatching(/^FEATURE_FLAG_REFRESH_MODE is "pubsub".*feed/),
    ]);
  });

  it('becomes periodic, and says so, if it was only the default', () => {
    const { settings, warnings } = resolve({ ENVIRONMENT: 'production' });
    expect(settings.mode).toBe('periodic');
    expect(warnings).toEqual([expect.stringContaining('periodic')]);
  });
});

describe('an option that does not exist', () => {
  it('is warned of, with those that are like it', () => {
    const misspelt = { refreshInterval: 5, breaker: { threshold: 1 }, exposures: { sink: () => {}, window: 1 } };
    expect(resolve(DEV, misspelt as never).warnings).toEqual([
      'option "refreshInterval" is not known and does nothing (known: refreshMode, refreshIntervalMs, refreshJitter)',
      expect.stringMatching(/^option "breaker.threshold" is not known and does nothing \(known: failureThreshold, /),
      'option "exposures.window" is not known and does nothing (known: windowMs)',
    ]);
  });

  it('is not what comes along with a store that is spread into the options', () => {
    const store = { source, feed: manualFeed(), publisher: {}, close: () => Promise.resolve() };
    expect(resolve({}, { ...store, refreshMode: 'both' } as never).warnings).toEqual([]);
    expect(resolve(DEV, { closeTimeout: 1 } as never).warnings).toEqual([
      'option "closeTimeout" is not known and does nothing (known: closeTimeoutMs)',
    ]);
  });

  it('is not one of those that can be given, nor what an object inherits', () => {
    const all = { hooks: [], breaker: {}, bootstrap: undefined, timeoutMs: 1_000, closeTimeoutMs: 500 };
    expect(resolve(DEV, all as never).warnings).toEqual([]);
    expect(resolve(DEV, { __proto__: null, constructor: 1 } as never).warnings).toEqual([
      expect.stringContaining('"constructor"'),
    ]);
  });
});

describe('a feed', () => {
  it('that the default mode does not listen to is warned of, and not where that was asked for', () => {
    const feed = manualFeed();
    const { settings, warnings } = resolve(DEV, { feed });
    expect(settings.mode).toBe('none');
    expect(warnings).toEqual([expect.stringMatching(/^mode none is the default here, so the feed is not listened to/)]);
    expect(resolve({}, { feed, refreshMode: 'none' }).warnings).toEqual([]);
    expect(resolve({ FEATURE_FLAG_REFRESH_MODE: 'none' }, { feed }).warnings).toEqual([]);
    expect(resolve({ FEATURE_FLAG_REFRESH_MODE: 'both' }, { feed }).warnings).toEqual([]);
    expect(resolve(DEV).warnings).toEqual([]);
  });

  it('that staging does not listen to, which polls, is warned of as well', () => {
    const feed = manualFeed();
    const staging = { ENVIRONMENT: 'staging' };
    expect(resolve(staging, { feed }).warnings).toEqual([
      'mode periodic is the default here, so the feed is not listened to and changes arrive only by polls; ' +
        'set refreshMode or FEATURE_FLAG_REFRESH_MODE to both, or to periodic if it is meant',
    ]);
    expect(resolve(staging).warnings).toEqual([]);
    expect(resolve(staging, { feed, refreshMode: 'periodic' }).warnings).toEqual([]);
    expect(resolve({ ...staging, FEATURE_FLAG_REFRESH_MODE: 'periodic' }, { feed }).warnings).toEqual([]);
    expect(resolve({ ENVIRONMENT: 'production' }, { feed }).warnings).toEqual([]);
  });
});

describe('a duration in the wrong unit', () => {
  const periodic = { ...DEV, FEATURE_FLAG_REFRESH_MODE: 'periodic' };

  it.each([
    [{ refreshIntervalMs: 60 }, 'refreshIntervalMs is 60, which is 60 ms', '60 s are meant, write 60000'],
    [{ refreshMode: 'none', staleAfterMs: 300 }, 'staleAfterMs is 300, which is 300 ms', 'write 300000'],
    [{ timeoutMs: 5 }, 'timeoutMs is 5, which is 5 ms', 'write 5000'],
    [{ breaker: { recoveryTimeoutMs: 30 } }, 'breaker.recoveryTimeoutMs is 30, which is 30 ms', 'write 30000'],
    [{ closeTimeoutMs: 2 }, 'closeTimeoutMs is 2, which is 2 ms', 'write 2000'],
    [{ exposures: { sink: () => {}, windowMs: 600 } }, 'exposures.windowMs is 600, which is 600 ms', 'write 600000'],
  ] as const)('is warned of in code: %j', (options, found, meant) => {
    const { warnings } = resolve(periodic, options);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${found}: durations in code are milliseconds`);
    expect(warnings[0]).toContain(meant);
    expect(resolve({ ...periodic, ENVIRONMENT: 'test' }, options).warnings).toEqual([]);
  });

  it('is warned of in variables', () => {
    const variables = {
      ...periodic,
      FEATURE_FLAG_REFRESH_INTERVAL: '60000',
      FEATURE_FLAG_STALE_THRESHOLD: '300000',
      FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT: '30000',
    };
    expect(resolve(variables).warnings).toEqual([
      'FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT is 30000, which is 8.3 h: durations in variables are seconds; if 30000 ms are meant, write 30',
      'FEATURE_FLAG_REFRESH_INTERVAL is 60000, which is 16.7 h: durations in variables are seconds; if 60000 ms are meant, write 60',
      'FEATURE_FLAG_STALE_THRESHOLD is 300000, which is 83.3 h: durations in variables are seconds; if 300000 ms are meant, write 300',
    ]);
  });

  it('is named where the threshold is refused for it', () => {
    expect(problemsOf(periodic, { refreshIntervalMs: 60, staleAfterMs: 300 })).toEqual([
      expect.stringMatching(
        /^staleAfterMs is 300: .*; refreshIntervalMs is 60, which is 60 ms.*; staleAfterMs is 300,/,
      ),
    ]);
  });

  it('is nothing that somebody can mean', () => {
    const meant = { refreshIntervalMs: 1_000, timeoutMs: 50, staleAfterMs: 1_000_000, closeTimeoutMs: 100 };
    expect(resolve(periodic, meant).warnings).toEqual([]);
    const variables = { FEATURE_FLAG_REFRESH_INTERVAL: '36000', FEATURE_FLAG_STALE_THRESHOLD: '86400' };
    expect(resolve({ ...periodic, ...variables }).warnings).toEqual([]);
  });
});

describe('F42 bad values', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '60'])(
    'refuses %s as a duration, with name, value and range',
    (value) => {
      for (const option of ['refreshIntervalMs', 'staleAfterMs', 'timeoutMs', 'minNoticeGapMs', 'closeTimeoutMs']) {
        expect(problemsOf({}, { [option]: value })).toEqual([
          expect.stringMatching(new RegExp(`^${option} is .+; allowed is a duration from 1 to 2147483647 ms`)),
        ]);
      }
    },
  );

  it.each([
    ['FEATURE_FLAG_REFRESH_INTERVAL', 'abc', '"abc"; allowed is a number of seconds from 0.001 to 2147483'],
    ['FEATURE_FLAG_REFRESH_INTERVAL', '0', '"0"; allowed is a number of seconds'],
    ['FEATURE_FLAG_STALE_THRESHOLD', '-5', '"-5"; allowed is a number of seconds'],
    ['FEATURE_FLAG_STALE_THRESHOLD', '1e9', '"1e9"; allowed is a number of seconds'],
    ['FEATURE_FLAG_REFRESH_MODE', 'sometimes', '"sometimes"; allowed is one of periodic, pubsub, both, none'],
    ['FEATURE_FLAG_BREAKER_FAILURE_THRESHOLD', '2.5', '"2.5"; allowed is a whole number from 1 to 1000'],
    ['FEATURE_FLAG_LOG_LEVEL', 'loud', '"loud"; allowed is one of debug, info, warn, error, silent'],
    ['FEATURE_FLAG_ENABLE_METRICS', 'maybe', '"maybe"; allowed is true or false'],
    ['FEATURE_FLAG_OVERRIDES', '[1]', 'not a JSON object'],
    ['FEATURE_FLAG_OVERRIDES', 'null', 'not a JSON object'],
  ])('refuses %s=%s, with name, value and range', (name, value, message) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is `);
    expect(problems[0]).toContain(message);
  });

  it('refuses an override that no flag can have, with its key', () => {
    expect(problemsOf({ FEATURE_FLAG_OVERRIDES: '{"new_checkout":null,"b":true}' })).toEqual([
      expect.stringMatching(/^FEATURE_FLAG_OVERRIDES\["new_checkout"\] is null; allowed is a flag value/),
    ]);
  });

  it('tells all of them at once', () => {
    const problems = problemsOf({ FEATURE_FLAG_LOG_LEVEL: 'loud' }, { refreshIntervalMs: -1, refreshJitter: 2 });
    expect(problems).toHaveLength(3);
  });

  it('refuses a missing source by name', () => {
    expect(() => resolveOptions({} as FlagClientOptions)).toThrow(/source is missing/);
  });

  it.each([undefined, null, 5, 'flags.json', []])('refuses %j for all options', (options) => {
    expect(() => resolveOptions(options as never)).toThrow(InvalidOptionsError);
    expect(() => resolveOptions(options as never)).toThrow(/options are .*source: fileSource/);
  });

  const { close: _close, ...unclosable } = manualFeed();
  it.each([
    ['source', { name: 'a', read: () => {} }, 'without `close`'],
    ['source', 'flags.json', 'of type string'],
    ['source', { kind: 'fallback', sources: [source, null] }, 'is null'],
    ['source', { kind: 'fallback' }, 'without `name` and `read` and `close`'],
    ['feed', {}, 'without `name` and `subscribe` and `close`'],
    ['feed', null, 'is null'],
    ['feed', unclosable, 'without `close`'],
    ['cache', {}, 'without `name` and `load` and `save`'],
    ['logger', console.log, 'of type function'],
    ['logger', {}, 'without `log`'],
    ['metrics', true, 'of type boolean'],
    ['feed', false, 'of type boolean'],
    ['logger', false, 'of type boolean'],
    ['metrics', null, 'is null'],
    ['metrics', { count: () => {} }, 'without `gauge` and `observe`'],
    ['exposures', {}, 'without `sink`'],
    ['breaker', null, 'is null'],
    ['breaker', 3, 'of type number'],
    ['hooks', null, 'is null'],
    ['hooks', {}, 'of type object'],
    ['environment', 5, 'of type number'],
    ['environment', null, 'is null'],
    ['variables', null, 'is null'],
    ['variables', 'a=b', 'of type string'],
  ])('refuses %s: %j in one sentence with what is allowed', (option, value, message) => {
    const problems = problemsOf({}, { [option]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${option} is .*allowed is `))]);
    expect(problems[0]).toContain(message);
  });

  it('takes false for metrics and variables that are not wanted', () => {
    expect(problemsOf({}, { metrics: false, variables: false })).toEqual([]);
  });

  it('refuses what is not a hook by its place', () => {
    expect(problemsOf({}, { hooks: [{}, null as never, (() => {}) as never] })).toEqual([
      expect.stringMatching(/^hooks\[1\] is null; allowed is an object/),
      expect.stringMatching(/^hooks\[2\] is of type function; allowed is an object/),
    ]);
  });

  it('refuses a variable that is no text, as a worker may have, once', () => {
    const variables = { FEATURE_FLAG_REFRESH_INTERVAL: 60, FEATURE_FLAG_REFRESH_MODE: {}, ENVIRONMENT: null };
    expect(problemsOf(variables as never)).toEqual([
      'ENVIRONMENT is null; allowed is text, as in every variable',
      'FEATURE_FLAG_REFRESH_MODE is of type object; allowed is text, as in every variable',
      'FEATURE_FLAG_REFRESH_INTERVAL is of type number; allowed is text, as in every variable',
    ]);
  });

  it('leaves a binding alone that no option reads', () => {
    expect(problemsOf({ BUCKET: {} } as never)).toEqual([]);
  });

  it('tells shapes and values at once', () => {
    expect(problemsOf({}, { feed: {} as never, refreshIntervalMs: -1, breaker: null as never })).toHaveLength(3);
  });
});

describe('the staleness threshold', () => {
  it('is refused when the flags would be called stale while everything works, with the arithmetic', () => {
    const problems = problemsOf({}, { refreshMode: 'periodic', refreshIntervalMs: 60_000, staleAfterMs: 60_000 });
    expect(problems).toEqual([expect.stringContaining('60000 ms * (1 + 0.1) + 5000 ms deadline = 76000 ms')]);
    expect(problemsOf({}, { refreshMode: 'periodic', refreshIntervalMs: 60_000, staleAfterMs: 76_000 })).toHaveLength(
      1,
    );
    expect(problemsOf({}, { refreshMode: 'periodic', refreshIntervalMs: 60_000, staleAfterMs: 76_001 })).toEqual([]);
  });

  it('is free in mode none, which has no bound', () => {
    expect(problemsOf({}, { refreshMode: 'none', staleAfterMs: 1 })).toEqual([]);
  });
});
