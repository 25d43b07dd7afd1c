import { StoreError } from '@clarity/flags-core/ports';
import { isProtected } from './fetch-options.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether the answer sends us elsewhere. Runtimes that follow browsers hide where: `opaqueredirect`. */
export function isRedirect(response: Response): boolean {
  return REDIRECTS.has(response.status) || response.type === 'opaqueredirect';
}

/**
 * Where a redirect leads. Never from `https:` to `http:`, and to `http:` only where the options allow it.
 *
 * @throws StoreError `invalid`. No message holds a path or query of the target: both may be signed.
 */
export function redirectTarget(response: Response, from: URL, name: string, allowHttp: boolean): URL {
  const location = response.headers.get('location');
  if (location === null) {
    const found =
      response.type === 'opaqueredirect'
        ? 'this runtime does not say where to'
        : `status ${response.status} came without Location`;
    throw refused(name, `it redirects and ${found}`);
  }
  let target: URL;
  try {
    target = new URL(location, from);
  } catch {
    throw refused(name, 'it redirects to something that is not an address');
  }
  if (target.username !== '' || target.password !== '')
    throw refused(name, 'it redirects to an address with a user name or password');
  const downgrades = from.protocol === 'https:' && target.protocol !== 'https:';
  if (downgrades || !isProtected(target, allowHttp)) {
    throw refused(
      name,
      `it redirects to ${target.origin === 'null' ? target.protocol : target.origin}, which is not https:`,
    );
  }
  target.hash = '';
  return target;
}

export function tooManyRedirects(name: string, most: number): StoreError {
  return refused(name, `it redirects more than ${most} times`);
}

/** Counted as a store that is down: what answers is not where the document is. */
function refused(name: string, found: string): StoreError {
  return new StoreError(
    'invalid',
    `cannot read ${name}: ${found}; give the address that answers with the document itself`,
    {
      notADocument: true,
    },
  );
}
