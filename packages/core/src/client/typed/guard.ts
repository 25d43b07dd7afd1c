import { describeOption } from '../../adapter-kit/adapter-options.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { FlagEvaluations } from '../answers/flag-evaluations.ts';
import { flagsNow } from './flags-now.ts';
import { isFeatureEnabled } from '../process-wide.ts';
import { standInFor } from './stand-in.ts';

export interface GuardOptions<Arguments extends unknown[], Result> {
  /** Who is asked. Default: the client of the process, see `setFlagClient`. */
  readonly flags?: FlagEvaluations | (() => FlagEvaluations);
  /** What is given while the flag is off: a value, or a function of the same arguments. Default `undefined`. */
  readonly fallback?: Result | ((...args: Arguments) => Result);
  /**
   * The evaluation context from the arguments; `this` is the object that the method belongs to. One that throws counts
   * as none.
   */
  readonly context?: (...args: Arguments) => EvaluationContext;
}

/**
 * The function behind a flag: it runs while the flag is on, and `fallback` answers while it is off. Arguments, `this`
 * and results pass through untouched, promises too. Frameworks take what is returned for the function itself: name,
 * length, own properties and reflected metadata are the same.
 *
 * @throws TypeError when `guarded` is no function: it would be found out when the flag is turned on
 */
export function whenEnabled<This, Arguments extends unknown[], Result>(
  key: string,
  guarded: (this: This, ...args: Arguments) => Result,
  options: GuardOptions<Arguments, Result> = {},
): (this: This, ...args: Arguments) => Result {
  if (typeof guarded !== 'function')
    throw new TypeError(
      `the second argument of whenEnabled(${JSON.stringify(key)}) is ${describeOption(guarded)}; allowed is the function behind the flag`,
    );
  const { flags, fallback, context } = options;
  const ask = (given: EvaluationContext | undefined): boolean => {
    if (flags === undefined) return isFeatureEnabled(key, given);
    return flagsNow(flags)?.isEnabled(key, given) ?? false;
  };
  // A method and no function expression: it has no `prototype` of its own, as the methods of a class have none.
  // oxlint-disable-next-line typescript/unbound-method -- its `this` is the caller's
  const { guardedByFlag } = {
    guardedByFlag(this: This, ...args: Arguments): Result {
      if (ask(contextOf(context, this, args))) return guarded.apply(this, args);
      if (typeof fallback === 'function') return (fallback as (...given: Arguments) => Result).apply(this, args);
      return fallback as Result;
    },
  };
  return standInFor(guardedByFlag, guarded);
}

type Method<Arguments extends unknown[], Result> = (...args: Arguments) => Result;

/**
 * A decorator under both standards: TC39's, and the older one that Nest and `experimentalDecorators` use. Under the
 * first it does not compile where the fallback gives what the method cannot, or where the options' functions take other
 * arguments than the method.
 */
export interface MethodGuard<Arguments extends unknown[], Result> {
  <This, Given extends unknown[], Returned>(
    method: (this: This, ...args: Given) => Returned,
    context: { readonly kind: 'method' },
  ): Method<Arguments, void> extends Method<Given, void>
    ? (this: This, ...args: Given) => unknown extends Result ? Returned : Returned | Result
    : 'the guard takes other arguments than the method';
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

/**
 * Puts a method behind a flag: `@featureFlag('new_checkout', { fallback: () => old(), context: (user) => ({ userId:
 * user.id }) })`.
 *
 * @throws TypeError when it stands on something that is no method
 */
export function featureFlag<Arguments extends unknown[] = unknown[], Result = unknown>(
  key: string,
  options: GuardOptions<Arguments, Result> = {},
): MethodGuard<Arguments, Result> {
  const refuse = (found: string): TypeError =>
    new TypeError(`what @featureFlag(${JSON.stringify(key)}) stands on is ${found}; allowed is a method`);
  return ((subject: unknown, place: unknown, descriptor?: PropertyDescriptor): unknown => {
    if (typeof place === 'object' && place !== null && 'kind' in place) {
      if (place.kind !== 'method') throw refuse(`a ${String(place.kind)}`);
      return whenEnabled(key, subject as Method<Arguments, Result>, options);
    }
    if (typeof descriptor?.value !== 'function') throw refuse('something without a function');
    return { ...descriptor, value: whenEnabled(key, descriptor.value as Method<Arguments, Result>, options) };
  }) as MethodGuard<Arguments, Result>;
}

function contextOf<Arguments extends unknown[]>(
  extract: ((...args: Arguments) => EvaluationContext) | undefined,
  self: unknown,
  args: Arguments,
): EvaluationContext | undefined {
  try {
    return extract?.apply(self, args);
  } catch {
    return undefined; // A flag never throws at those who ask about it.
  }
}
