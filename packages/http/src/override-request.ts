import type { FlagValue } from '@clarity/flags-core';
import { describeOption, printableLine, showOption } from '@clarity/flags-core/adapter-kit';
import type { FlagDefinition } from '@clarity/flags-core/document';
import { isOfAnotherSite, problem, readJson } from '@clarity/flags-web';
import type { Caller } from './authorizer.ts';
import type { CompleteClient } from './shown-client.ts';

/** What a caller of the overrides route asks for. */
export interface AskedOverride {
  readonly flag: string;
  readonly value: FlagValue;
  readonly forMs: number;
  readonly author: string;
}

const MAX_BYTES = 65_536;
const DEFAULT_SECONDS = 3_600;
/** A week. What is to stay longer is to be published. */
const MOST_SECONDS = 604_800;
const LONGEST_AUTHOR = 200;

const MEMBERS: readonly string[] = ['flag', 'value', 'for_seconds', 'author'];
const EXAMPLE = '{"flag": "new_checkout", "value": false, "for_seconds": 3600, "author": "ada"}';

/** The body of a request that sets an override; a `Response` is the answer to what cannot be understood. */
export async function readOverrideRequest(
  request: Request,
  client: CompleteClient,
  caller: Caller | undefined,
): Promise<AskedOverride | Response> {
  if (isOfAnotherSite(request)) return otherSite();
  const body = await readJson(request, MAX_BYTES);
  if ('refusal' in body) return body.refusal;
  const json = 'absent' in body ? undefined : body.json;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return problem(400, `The body is ${describeOption(json)}; allowed is a JSON object such as ${EXAMPLE}.`);
  }
  const { flag, value, for_seconds: seconds = DEFAULT_SECONDS, author } = json as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(json).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) {
    return problem(400, `${showOption(unknown)} is no member of an override; allowed are ${MEMBERS.join(', ')}.`);
  }
  if (typeof flag !== 'string' || flag === '') {
    return problem(400, `flag is ${describeOption(flag)}; allowed is the key of a flag, as in ${EXAMPLE}.`);
  }
  const wrong = wrongValue(client, flag, value);
  if (wrong !== undefined) return problem(400, wrong);
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= MOST_SECONDS)) {
    return problem(
      400,
      `for_seconds is ${showOption(seconds)}; allowed is a number from 1 to ${MOST_SECONDS} (7 days). What is to stay longer is to be published.`,
    );
  }
  const named = authorOf(author, caller);
  if (named instanceof Response) return named;
  return { flag, value: value as FlagValue, forMs: Math.round(seconds * 1_000), author: named };
}

export function otherSite(): Response {
  return problem(403, 'Pages of other sites may not override flags.');
}

/** Who is told in the log: whom the authorizer named, else who the request says it is. */
export function authorOf(given: unknown, caller: Caller | undefined): string | Response {
  if (caller?.actor !== undefined) {
    // An identity provider may let people choose their names, line breaks included.
    if (given === undefined || given === caller.actor) return printableLine(caller.actor);
    return problem(400, 'author is somebody else than the authorizer named; leave it out.');
  }
  const wrong = wrongAuthor(given);
  if (wrong === undefined) return given as string;
  return problem(
    400,
    `author is ${wrong}; allowed is a text of 1 to ${LONGEST_AUTHOR} printable characters: who does this, for the log.`,
  );
}

function wrongAuthor(given: unknown): string | undefined {
  if (typeof given !== 'string') return describeOption(given);
  if (given.trim() === '') return 'blank';
  if (given.length > LONGEST_AUTHOR) return `${given.length} characters long`;
  // An application's logger may write it as it is: a line break would begin a line that nobody wrote.
  return printableLine(given) === given ? undefined : 'a text with characters that cannot be printed';
}

/** At night nobody sees that a mistyped key, or a text in place of a switch, changed nothing. */
function wrongValue(client: CompleteClient, flag: string, value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return `value is ${describeOption(value)}; allowed is what the flag is to serve, such as false.`;
  }
  const document = client.document();
  if (document === undefined || document.setAside?.some(({ flagKey }) => flagKey === flag) === true) return undefined;
  if (!Object.hasOwn(document.flags, flag)) {
    return `flag is ${showOption(flag)}, which the document does not have; allowed is one of its flags, which the status route lists.`;
  }
  const type = typeOf(document.flags[flag]);
  if (type === undefined || typeof value === type) return undefined;
  return `value is of type ${typeof value}; allowed is a ${type}, as ${showOption(flag)} is one.`;
}

function typeOf(definition: FlagDefinition | undefined): string | undefined {
  if (definition === undefined) return undefined;
  return 'type' in definition ? definition.type : 'boolean';
}
