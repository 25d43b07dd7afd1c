import type { InvalidOptionsError } from '@clarity/flags-core';
import { at, isOfAnotherSite, json, problem, type RoutePath } from '@clarity/flags-web';
import type { Caller } from './authorizer.ts';
import { type AskedOverride, authorOf, otherSite, readOverrideRequest } from './override-request.ts';
import type { RouteName } from './route-name.ts';
import type { CompleteClient, Overriding } from './shown-client.ts';

/** What an operator has to know about an override, in every answer. */
const SCOPE = 'this instance only; for all: publish';
/** Without a document there is no end to the keys that may be overridden. */
const MOST_PASSING = 100;

/**
 * The emergency brake by HTTP: values above the document of one running instance, for a time. Not there for clients
 * that have no overrides. `overridden` is called after each change.
 */
export function overrideRoutes(
  client: CompleteClient,
  overridden: () => void,
): readonly RoutePath<RouteName, Caller>[] {
  if (client.override === undefined || client.removeOverride === undefined || client.overrides === undefined) return [];
  const brake = client as CompleteClient & Required<Overriding>;
  return [
    at('/overrides', {
      name: 'overrides',
      access: 'closed',
      GET: () => json(200, { scope: SCOPE, overrides: shown(brake) }),
      POST: async (request, { caller }) => {
        const asked = await readOverrideRequest(request, brake, caller);
        if (asked instanceof Response) return asked;
        const refusal = override(brake, asked);
        if (refusal !== undefined) return refusal;
        overridden();
        return json(200, { scope: SCOPE, ...shown(brake).find(({ flag }) => flag === asked.flag) });
      },
      DELETE: (request, { url, caller }) => {
        if (isOfAnotherSite(request)) return otherSite();
        const flag = url.searchParams.get('flag');
        if (flag === null) return problem(400, 'flag is missing; allowed is a key: ?flag=new_checkout&author=ada.');
        const author = authorOf(url.searchParams.get('author') ?? undefined, caller);
        if (author instanceof Response) return author;
        if (!brake.overrides().some(({ flagKey }) => flagKey === flag)) {
          return problem(404, 'This instance has no override of that flag.');
        }
        brake.removeOverride(flag, { author });
        overridden();
        return json(200, { scope: SCOPE, flag, removed: true });
      },
    }),
  ];
}

/** The answer to what the client does not take, if it does not. */
function override(client: Required<Overriding>, { flag, value, forMs, author }: AskedOverride): Response | undefined {
  const passing = client.overrides().filter(({ leftMs, flagKey }) => leftMs !== null && flagKey !== flag);
  if (passing.length >= MOST_PASSING) {
    return problem(
      409,
      `There are ${MOST_PASSING} overrides that will end, and there may be no more: publish instead.`,
    );
  }
  try {
    client.override(flag, value, { forMs, author });
    return undefined;
  } catch (error) {
    // By its name: it may come from another copy of the core.
    if (!(error instanceof Error && error.name === 'InvalidOptionsError')) throw error;
    return problem(400, `${(error as InvalidOptionsError).problems.join('; ')}.`);
  }
}

function shown(client: Required<Overriding>): readonly { readonly flag: string }[] {
  return client.overrides().map(({ flagKey, value, endsAtMs, author }) => ({
    flag: flagKey,
    value,
    until: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    author,
  }));
}
