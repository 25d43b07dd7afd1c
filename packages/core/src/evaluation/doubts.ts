import { isObject } from '../document/is-object.ts';
import { type EvaluationContext, memberOf, unitOf } from './context.ts';

/**
 * Hears of questions that can hardly be meant as they are asked, within the question. Their answer stays as it is. Told
 * only where no common question comes by, and of the same question again and again.
 */
export interface Doubts {
  /** No flag of the document has this key. True once it needs not be told of this key again. */
  unknownFlag(flagKey: string): boolean;
  /** The context is no object. Told at the first use of a flag. */
  noContext(given: unknown): void;
  /** A target, split or ramp asked for the targeting key, and there is none. */
  noTargetingKey(context: EvaluationContext): void;
}

/** What cannot be a context; undefined and null stand for an empty one. Never throws. */
export function isNoContext(given: unknown): boolean {
  if (typeof given !== 'object') return given !== undefined;
  try {
    return Array.isArray(given);
  } catch {
    // A proxy that was revoked: reading it throws, and that is told.
    return false;
  }
}

/** What users of other systems call the targeting key, and what a slip makes of it. None of them counts. */
const ALIKE = [
  'user_id',
  'userID',
  'userid',
  'UserId',
  'user-id',
  'targeting_key',
  'targetingkey',
  'TargetingKey',
  'user',
  'uid',
  'id',
  'key',
];

/**
 * The name of what was surely meant as the targeting key, in a context without one: `user_id`. Never throws: an answer
 * was found without it.
 */
export function likeTargetingKey(context: EvaluationContext): string | undefined {
  try {
    return ALIKE.find((name) => {
      const found = memberOf(context, name);
      return unitOf(found) !== undefined || (name === 'user' && isObject(found));
    });
  } catch {
    return undefined;
  }
}
