import { at, redirect, type RoutePath, text, under } from '@clarity/flags-web';
import { pageHtml, pagePolicy } from './page/page-html.ts';
import type { RouteName } from './route-name.ts';

/** The live page, at the prefix with a slash behind it. It holds nothing but the program: what it shows it asks for. */
export function pageRoutes(prefix: string): readonly RoutePath<RouteName>[] {
  const options = { name: 'page', access: 'public' } as const;
  const page = at('/', { ...options, GET: showPage });
  if (prefix === '') return [page];
  const last = prefix.slice(prefix.lastIndexOf('/') + 1);
  // Relative, so that it is right behind a router or proxy that takes its own part off the path.
  return under(prefix, [page, at('', { ...options, GET: () => redirect(308, `${last}/`) })]);
}

function showPage(): Response {
  const nonce = newNonce();
  const response = text(200, pageHtml(nonce), 'text/html; charset=utf-8');
  response.headers.set('Content-Security-Policy', pagePolicy(nonce));
  return response;
}

/** Says to a browser that a script is ours. Random, so that nobody can write it into a page beforehand. */
function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
}
