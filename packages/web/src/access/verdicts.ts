import { describeOption } from '@clarity/flags-core/adapter-kit';

/** Who asks, by an authorizer that says so. */
export interface NamedCaller {
  /** Who acts, as it stands in a history: a name, an address, the id of a token. */
  readonly actor: string;
  readonly roles: readonly string[];
}

/** What an actor may be long, in UTF-16 code units: it is kept with everything that it does. */
const LONGEST_ACTOR = 200;

/** For authorizers that answer with a boolean: `true` alone lets a request through, and says nothing about who asks. */
export function yes(verdict: unknown): true | undefined {
  return verdict === true ? true : undefined;
}

/**
 * For authorizers that say who asks: `{ actor, roles }` lets a request through as that one, and `false`, `null` or
 * nothing does not.
 *
 * @throws {TypeError} for anything else, without repeating it: to let somebody through whom nobody can name is a
 * mistake of the application.
 */
export function namedCaller(verdict: unknown): NamedCaller | undefined {
  if (verdict === false || verdict === null || verdict === undefined) return undefined;
  if (typeof verdict !== 'object') {
    throw new TypeError(
      `what the authorizer gave is ${verdict === true ? 'true' : describeOption(verdict)}; ${ALLOWED}`,
    );
  }
  const { actor, roles } = verdict as { readonly actor?: unknown; readonly roles?: unknown };
  const named = checkedActor(actor, ALLOWED);
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) {
    throw new TypeError(`roles that the authorizer gave are not a list of texts; ${ALLOWED}`);
  }
  // A copy: what is decided about the request does not change while it is answered.
  return { actor: named, roles: [...(roles as readonly string[])] };
}

/**
 * Who an authorizer says it is; `allowed` ends the sentence of the error.
 *
 * @throws {TypeError} for what is no name.
 */
export function checkedActor(actor: unknown, allowed: string): string {
  if (typeof actor === 'string' && actor.trim() !== '' && actor.length <= LONGEST_ACTOR) return actor;
  throw new TypeError(`the actor that the authorizer gave is ${kindOfActor(actor)}; ${allowed}`);
}

const ALLOWED = `allowed is { actor: 'ada', roles: ['editor'] } with an actor of 1 to ${LONGEST_ACTOR} characters, false, or a Response`;

function kindOfActor(actor: unknown): string {
  if (typeof actor !== 'string') return describeOption(actor);
  return actor.trim() === '' ? 'empty' : 'too long';
}
