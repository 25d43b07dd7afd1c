import { isJson } from '../read-body.ts';

/**
 * Whether a page of another site asks. Browsers say where a request comes from, and such a page must not act for a user
 * who is logged in here.
 */
export function isOfAnotherSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  // Over plain HTTP they name the page's origin only. Behind a proxy its host may be another than the one asked here;
  // but then JSON tells, for which a browser would have asked beforehand on behalf of another site, and been refused.
  const origin = request.headers.get('origin');
  if (origin === null || isJson(request)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== new URL(request.url).host;
}
