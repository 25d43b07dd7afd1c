import { describeOption } from '@clarity/flags-core/adapter-kit';

/**
 * A store address, taken apart. No value of it holds a credential but `url` of Redis and Postgres and `token`, which
 * are never shown.
 */
export type StoreAddress =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'https'; readonly url: URL }
  | { readonly kind: 'redis'; readonly url: string; readonly namespace: string | undefined }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly schema: string | undefined;
      readonly namespace: string | undefined;
    }
  | {
      readonly kind: 'ssm';
      readonly path: string;
      readonly layout: SsmLayout;
      readonly region: string | undefined;
      readonly label: string | undefined;
    }
  | {
      readonly kind: 'upstash';
      readonly url: string;
      readonly token: string | undefined;
      readonly namespace: string | undefined;
    };

export type SsmLayout = 'chunked' | 'single' | 'per-flag';

/** An address that stands for no store. The message shows the scheme and nothing that could be a password. */
export class StoreAddressError extends Error {
  constructor(found: string, allowed: string = ALLOWED) {
    super(`the store address is ${found}; allowed is ${allowed}`);
    this.name = 'StoreAddressError';
  }
}

const ALLOWED =
  'file:flags.json or a path, https://host/flags.json, redis://host:6379, rediss://host:6379, postgres://host/database, ssm:/path/of/flags, or upstash://host.upstash.io';
const LAYOUTS: readonly SsmLayout[] = ['chunked', 'single', 'per-flag'];

/**
 * Takes an address apart:
 *
 * - `file:flags.json`, `file:///etc/flags.json`, or a path (with `file:` before it where it begins with `//` or has an
 * `@` after a colon)
 * - `https://host/flags.json` (`http:` for this machine only)
 * - `redis://user:password@host:6379/0?namespace=feature_flags`, `rediss://…`
 * - `postgres://user:password@host:5432/database?schema=feature_flags&namespace=feature_flags&sslmode=require`,
 *   `postgresql:` too
 * - `ssm:/shop/flags?layout=chunked&region=eu-central-1&label=stable` (layouts: chunked, single, per-flag)
 * - `upstash://:token@host.upstash.io?namespace=feature_flags`, or without a token where `UPSTASH_REDIS_REST_TOKEN` or
 *   `KV_REST_API_TOKEN` holds it
 *
 * @throws StoreAddressError
 */
export function parseStoreAddress(address: string): StoreAddress {
  if (typeof address !== 'string') throw new StoreAddressError(describeOption(address));
  const text = address.trim();
  if (text === '') throw new StoreAddressError('empty');
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  // A single letter before the colon is a drive, and no scheme.
  if (scheme === undefined) {
    if (resemblesAddress(text)) throw mistyped();
    return { kind: 'file', path: text };
  }
  switch (scheme) {
    case 'file':
      return { kind: 'file', path: filePath(text) };
    case 'http':
    case 'https':
      return { kind: 'https', url: urlOf(text, scheme) };
    case 'redis':
    case 'rediss': {
      const url = urlOf(text, scheme);
      refuseBrokenPassword(url, scheme, NUMBER_AND_PARAMETERS);
      // Hosts add parameters of their own, which are passed over; but what is nearly ours was meant for us.
      refuseOthers(url.searchParams, scheme, ['namespace'], (name) => /^n\w{4,12}e$/i.test(name));
      const namespace = url.searchParams.get('namespace') ?? undefined;
      url.search = '';
      return { kind: 'redis', url: url.href, namespace };
    }
    case 'postgres':
    case 'postgresql': {
      const url = urlOf(text, scheme);
      refuseBrokenPassword(url, scheme, NAME_AND_PARAMETERS);
      refuseOthers(url.searchParams, scheme, POSTGRES_PARAMETERS, (name) => /^n\w{4,12}e$|^s\w{2,6}a$/i.test(name));
      const [schema, namespace] = ['schema', 'namespace'].map((name) => url.searchParams.get(name) ?? undefined);
      const sslmode = url.searchParams.get('sslmode');
      url.search = sslmode === null ? '' : `?${new URLSearchParams({ sslmode }).toString()}`;
      return { kind: 'postgres', url: url.href, schema, namespace };
    }
    case 'ssm':
      return ssmAddress(text);
    case 'upstash': {
      // Not a special scheme: borrowed from https, so that the host is taken apart like any other.
      const url = urlOf(text.replace(/^upstash:/i, 'https:'), scheme);
      refuseOthers(url.searchParams, scheme, ['namespace']);
      const token = decoded(url.password || url.username, `the token of upstash://${url.host}`) || undefined;
      return {
        kind: 'upstash',
        url: `https://${url.host}`,
        token,
        namespace: url.searchParams.get('namespace') ?? undefined,
      };
    }
    default:
      // What stands before the colon may be a user then, or a secret.
      if (text.includes('@') && !text.startsWith('//', scheme.length + 1)) throw mistyped();
      throw new StoreAddressError(`one of the scheme "${scheme.slice(0, 20)}:"`);
  }
}

/** After these an @ is one of a parameter's value, and can hardly be that of a password: as the adapters read it. */
const NUMBER_AND_PARAMETERS = /^\/\d{1,5}\?[\w.-]+=[^&?]*(?:&[\w.-]+=[^&?]*)*$/;
const NAME_AND_PARAMETERS = /^\/[\w.%-]+\?[\w.-]+=[^&?]*(?:&[\w.-]+=[^&?]*)*$/;
const POSTGRES_PARAMETERS = ['schema', 'namespace', 'sslmode'];

/** The end of a password would be among the parameters, and its beginning would be looked up as a host. */
function refuseBrokenPassword(url: URL, scheme: string, databaseAndParameters: RegExp): void {
  const isWhole = !url.search.includes('@') || databaseAndParameters.test(url.pathname + url.search);
  if (url.hash === '' && isWhole) return;
  throw new StoreAddressError(
    `a ${scheme}: address with a # or ? before its @, or a # at its end`,
    '%23 and %3F for them in a password, and %40 for an @ in a parameter',
  );
}

/** A parameter that is mistyped would be passed over, and other flags served than were meant. */
function refuseOthers(
  parameters: URLSearchParams,
  scheme: string,
  allowed: readonly string[],
  isMeantForUs: (name: string) => boolean = () => true,
): void {
  const other = [...parameters.keys()].find((name) => !allowed.includes(name) && isMeantForUs(name));
  if (other === undefined) return;
  const shown = /^\w{1,20}$/.test(other) ? ` "${other}"` : ' of an unusual name';
  throw new StoreAddressError(`one of the scheme "${scheme}:" with the parameter${shown}`, allowed.join(', '));
}

/**
 * Whether a text looks like an address with a slip, such as a forgotten colon. It may hold a password, and is not taken
 * for a path: paths end up in names and messages.
 */
function resemblesAddress(text: string): boolean {
  const path = text.replace(/^[a-z]:(?=[\\/])/i, '');
  if (path.startsWith('//') || /^(?:file|https?|rediss?|postgres(?:ql)?|ssm|upstash)[^\w/]?\/\//i.test(path))
    return true;
  const at = path.lastIndexOf('@');
  // A token and its host, too.
  if (at >= 0 && /^[\w.-]+:\d{1,5}(?:\/|$)/.test(path.slice(at + 1))) return true;
  return ['//', ':'].some((mark) => path.slice(0, Math.max(at, 0)).includes(mark));
}

/** Shows nothing of the text. */
function mistyped(): StoreAddressError {
  return new StoreAddressError(
    'a text that is like an address and has no scheme (not shown, since it may hold a password)',
    `${ALLOWED}; a path that is really so begins with file:`,
  );
}

function filePath(text: string): string {
  if (!/^file:\/\//i.test(text)) {
    const path = text.slice('file:'.length);
    if (path.includes('@') && path.includes('://')) throw mistyped();
    return path;
  }
  const url = urlOf(text, 'file');
  // It would be looked for on this machine.
  if (url.host !== '')
    throw new StoreAddressError('one with a host after file://', 'file:///etc/flags.json, or file:flags.json');
  const path = decoded(url.pathname, `file://${url.pathname}`);
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}

/** `place` says where it stands, without what must not be shown. */
function decoded(text: string, place: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StoreAddressError(
      `one with a percent sign in ${place} that begins no UTF-8 character`,
      'two hexadecimal digits after each, and %25 for the sign itself',
    );
  }
}

function ssmAddress(text: string): StoreAddress {
  const [path = '', query = ''] = text
    .slice('ssm:'.length)
    .replace(/^\/\/\/?/, '/')
    .split('?');
  const parameters = new URLSearchParams(query);
  refuseOthers(parameters, 'ssm', ['layout', 'region', 'label']);
  const layout = parameters.get('layout') ?? 'chunked';
  const known = LAYOUTS.find((name) => name === layout);
  if (known === undefined)
    throw new StoreAddressError(`one with the layout "${layout.slice(0, 20)}"`, `one of ${LAYOUTS.join(', ')}`);
  // Not left to the adapter, which would show it.
  if (path.includes('@')) {
    throw new StoreAddressError(
      'one of ssm: with an @ in its path',
      'one such as ssm:/shop/flags, since credentials come from AWS',
    );
  }
  if (path === '') throw new StoreAddressError('one of ssm: without a path', 'one such as ssm:/shop/flags');
  return {
    kind: 'ssm',
    path,
    layout: known,
    region: parameters.get('region') ?? undefined,
    label: parameters.get('label') ?? undefined,
  };
}

function urlOf(text: string, scheme: string): URL {
  if (!URL.canParse(text)) throw new StoreAddressError(`one whose text after "${scheme}:" makes no URL`);
  return new URL(text);
}
