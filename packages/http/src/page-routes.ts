import { at, type RoutePath, text, under } from '@clarity/flags-web';
import { pageHtml, pagePolicy } from './page/page-html.ts';
import type { RouteName } from './route-name.ts';

/**
 * The live page, at the prefix with and without a slash behind it: hosts add or strip one, and to redirect from one to
 * the other would go on for ever behind those. It holds nothing but the program: what it shows it asks for.
 */
export function pageRoutes(prefix: string, ending: '' | '/'): readonly RoutePath<RouteName>[] {
  const options = { name: 'page', access: 'public', GET: () => page(ending) } as const;
  return prefix === '' ? [at('/', options)] : under(prefix, [at('/', options), at('', options)]);
}

function page(ending: '' | '/'): Response {
  const nonce = newNonce();
  const response = text(200, pageHtml({ nonce, ending }), 'text/html; charset=utf-8');
  response.headers.set('Content-Security-Policy', pagePolicy(nonce));
  return response;
}

/** Says to a browser that a script is ours. Random, so that nobody can write it into a page beforehand. */
function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
}
