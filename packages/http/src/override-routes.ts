import { at, isOfAnotherSite, json, problem, type RoutePath } from '@clarity/flags-web';
import type { Caller } from './authorizer.ts';
import { authorOf, otherSite, readOverrideRequest } from './override-request.ts';
import type { RouteName } from './route-name.ts';
import type { CompleteClient, Overriding } from './shown-client.ts';

/** What an operator has to know about an override, in every answer. */
const SCOPE = 'this instance only; for all: publish';

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
        const { flag, value, forMs, author } = asked;
        brake.override(flag, value, { forMs, author });
        overridden();
        return json(200, { scope: SCOPE, ...shown(brake).find((one) => one.flag === flag) });
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

function shown(client: Required<Overriding>): readonly { readonly flag: string }[] {
  return client.overrides().map(({ flagKey, value, endsAtMs, author }) => ({
    flag: flagKey,
    value,
    until: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    author,
  }));
}
