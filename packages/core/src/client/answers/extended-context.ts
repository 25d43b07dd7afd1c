import type { EvaluationContext } from '../../evaluation/context.ts';

/**
 * A context, and above it what a hook adds. What its class has as getters is part of it, as it is without a hook, and
 * each is read when a flag asks for it. A member `__proto__` of a context from outside stays a member.
 */
export function extendedContext(context: object, added: object): EvaluationContext {
  return Object.defineProperties(
    {},
    {
      ...gettersOf(context),
      ...Object.getOwnPropertyDescriptors(context),
      ...Object.getOwnPropertyDescriptors(added),
    },
  );
}

/** Those of its classes, on the object that was given. The last prototype has none that is an attribute. */
function gettersOf(context: object): PropertyDescriptorMap {
  const getters: PropertyDescriptorMap = {};
  const prototypeOf = (from: object): object | null => Object.getPrototypeOf(from) as object | null;
  for (let from = prototypeOf(context); from !== null && prototypeOf(from) !== null; from = prototypeOf(from)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (property.get === undefined || Object.hasOwn(getters, name)) continue;
      getters[name] = { get: () => Reflect.get(context, name) as unknown, enumerable: true, configurable: true };
    }
  }
  return getters;
}
