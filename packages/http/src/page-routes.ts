import { pageHtml, pagePolicy } from './page/page-html.ts';
import { redirect, text } from './responses.ts';
import { get, type RouteTable } from './route-table.ts';

/** The live page, at the prefix with a slash behind it. It holds nothing but the program: what it shows it asks for. */
export function pageRoutes(prefix: string): RouteTable {
  const page = get('page', 'public', () => {
    const nonce = newNonce();
    const response = text(200, pageHtml(nonce), 'text/html; charset=utf-8');
    response.headers.set('Content-Security-Policy', pagePolicy(nonce));
    return response;
  });
  if (prefix === '') return new Map([['/', page]]);
  const last = prefix.slice(prefix.lastIndexOf('/') + 1);
  return new Map([
    [`${prefix}/`, page],
    // Relative, so that it is right behind a router or proxy that takes its own part off the path.
    [prefix, get('page', 'public', () => redirect(308, `${last}/`))],
  ]);
}

/** Says to a browser that a script is ours. Random, so that nobody can write it into a page beforehand. */
function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
}
