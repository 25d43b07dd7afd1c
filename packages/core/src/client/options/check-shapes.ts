import type { BreakerOptions, FlagClientOptions } from './options.ts';
import type { ExposureOptions } from '../answers/exposures.ts';
import { describeOption } from '../../adapter-kit/adapter-options.ts';
import { isObject } from '../../document/is-object.ts';

type Names<Options> = Readonly<Record<keyof Options, true>>;

/** False for what is no option and comes along when a whole store is spread into them: `{ ...fileStore({ path }) }`. */
const OPTIONS: Names<FlagClientOptions> & { readonly publisher: false; readonly close: false } = {
  source: true,
  name: true,
  feed: true,
  cache: true,
  bootstrap: true,
  metrics: true,
  tracer: true,
  logger: true,
  logLevel: true,
  overrides: true,
  hooks: true,
  exposures: true,
  refreshMode: true,
  refreshIntervalMs: true,
  refreshJitter: true,
  staleAfterMs: true,
  timeoutMs: true,
  noticeSpreadMs: true,
  minNoticeGapMs: true,
  breaker: true,
  allowEmpty: true,
  maxDocumentBytes: true,
  closeTimeoutMs: true,
  environment: true,
  variables: true,
  publisher: false,
  close: false,
};
const EXPOSURES: Names<ExposureOptions> = { sink: true, windowMs: true, remembered: true };
const BREAKER: Names<BreakerOptions> = {
  failureThreshold: true,
  recoveryTimeoutMs: true,
  growth: true,
  maxRecoveryTimeoutMs: true,
};

/** What an option that is code has to offer: text under `name` where it is shown to people, and methods. */
interface Shape {
  readonly named?: true;
  readonly methods: readonly string[];
  readonly example: string;
}

const SOURCE: Shape = {
  named: true,
  methods: ['read', 'close'],
  example: 'a flag source such as fileSource({ path })',
};
const LOGGER: Shape = {
  methods: ['log'],
  example: 'an object such as { log: ({ level, message, fields }) => … }',
};
const SHAPES = {
  feed: { named: true, methods: ['subscribe', 'close'], example: 'a feed such as fileFeed({ path })' },
  cache: { named: true, methods: ['load', 'save'], example: 'a cache such as fileCache({ path })' },
  metrics: { methods: ['count', 'gauge', 'observe'], example: 'a sink such as textMetrics(), or false' },
  tracer: { methods: ['startSpan'], example: "a tracer of OpenTelemetry such as trace.getTracer('flags')" },
  logger: LOGGER,
  exposures: { methods: ['sink'], example: 'an object such as { sink: (exposures) => … }' },
} satisfies Partial<Record<keyof FlagClientOptions, Shape>>;

/** Says of each option that cannot be what it should be; left out counts as not given. */
export function checkShapes(options: FlagClientOptions, problems: string[]): void {
  for (const [option, shape] of Object.entries(SHAPES)) {
    const given = options[option as keyof typeof SHAPES];
    if (given === undefined || (option === 'metrics' && given === false)) continue;
    report(problems, option, given, shape);
  }
  const { breaker, hooks, environment, variables } = options as Readonly<Record<keyof FlagClientOptions, unknown>>;
  const wants = (option: string, given: unknown, fits: boolean, allowed: string): void => {
    if (given !== undefined && !fits) problems.push(`${option} is ${describeOption(given)}; allowed is ${allowed}`);
  };
  wants('breaker', breaker, isObject(breaker), 'an object such as { failureThreshold: 3 }');
  wants('environment', environment, typeof environment === 'string', 'text such as production');
  wants('variables', variables, variables === false || isObject(variables), 'an object such as process.env, or false');
  wants('hooks', hooks, Array.isArray(hooks), 'a list of hooks');
  for (const [index, hook] of (Array.isArray(hooks) ? hooks : []).entries()) {
    const problem = hookProblem(`hooks[${index}]`, hook);
    if (problem !== undefined) problems.push(problem);
  }
}

export function checkSource(source: unknown, problems: string[]): void {
  report(problems, 'source', source, SOURCE);
}

/** What is wrong with a hook. Each of its stages may be left out. */
export function hookProblem(name: string, hook: unknown): string | undefined {
  return isObject(hook) ? undefined : `${name} is ${describeOption(hook)}; allowed is an object such as { after }`;
}

/** A warning for each option that does not exist: a misspelt one would do nothing. */
export function unknownOptions(options: FlagClientOptions): readonly string[] {
  const { breaker, exposures } = options;
  return [
    ...strangers('', options, OPTIONS),
    ...strangers('breaker.', breaker, BREAKER),
    ...strangers('exposures.', exposures, EXPOSURES),
  ];
}

function strangers(prefix: string, given: unknown, known: Readonly<Record<string, boolean>>): readonly string[] {
  if (!isObject(given)) return [];
  const names = Object.keys(known).filter((name) => known[name]);
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => {
      const like = name.toLowerCase().slice(0, 6);
      const near = names.filter((one) => one.toLowerCase().startsWith(like));
      const shown = JSON.stringify(prefix + name.slice(0, 40));
      return `option ${shown} is not known and does nothing (known: ${(near.length > 0 ? near : names).join(', ')})`;
    });
}

function report(problems: string[], option: string, given: unknown, { named, methods, example }: Shape): void {
  const allowed = `allowed is ${example}`;
  if (!isObject(given)) {
    problems.push(`${option} is ${describeOption(given)}; ${allowed}`);
    return;
  }
  const missing = methods.filter((method) => typeof given[method] !== 'function');
  if (named === true && typeof given['name'] !== 'string') missing.unshift('name');
  if (missing.length > 0)
    problems.push(`${option} is an object without ${missing.map((one) => `\`${one}\``).join(' and ')}; ${allowed}`);
}
