import { describeOption, showOption } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';

/** Headers of every request to the address: by name, or what gives them before each read (for tokens that expire). */
export type RequestHeaders = Readonly<Record<string, string>> | (() => HeaderRecord | Promise<HeaderRecord>);
type HeaderRecord = Readonly<Record<string, string>>;

/**
 * Headers that the source sets itself, or the runtime for the connection. With another value the answer could not be
 * trusted.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,16384}$/;

/**
 * What gives the headers of one read.
 *
 * @throws TypeError at once for an object that cannot be sent
 */
export function headerGiver(
  headers: RequestHeaders | undefined,
  name: string,
): () => Promise<ReadonlyMap<string, string>> {
  if (typeof headers !== 'function') {
    const checked = checkHeaders(headers === undefined ? {} : headers);
    return async () => checked;
  }
  return async () => {
    let given: unknown;
    try {
      given = await headers();
    } catch (error) {
      // Its message may hold a credential.
      throw refused(
        name,
        `the headers function failed with ${error instanceof Error ? error.name : typeof error}`,
        true,
      );
    }
    try {
      return checkHeaders(given);
    } catch (error) {
      throw refused(name, error instanceof TypeError ? error.message : 'the headers function gave no headers', false);
    }
  };
}

function refused(name: string, found: string, retryable: boolean): StoreError {
  return new StoreError('unauthorized', `cannot read ${name}: ${found}; look at what gives the credentials`, {
    retryable,
  });
}

/**
 * The headers by lower-case name.
 *
 * @throws TypeError for a header that cannot be sent. The message never holds a value: it may be a credential.
 */
function checkHeaders(headers: unknown): ReadonlyMap<string, string> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new TypeError(
      `headers is ${describeOption(headers)}; allowed is an object of names and values, or a function that gives one`,
    );
  }
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const checked = new Map<string, string>();
  for (const [name, value] of entries as readonly (readonly [string, unknown])[]) {
    if (!NAME.test(name)) {
      throw new TypeError(`a name in headers is ${showOption(name)}; allowed is letters, digits and -_.!#$%&'*+^\`|~`);
    }
    const lowerCase = name.toLowerCase();
    if (RESERVED.has(lowerCase)) {
      throw new TypeError(
        `a name in headers is "${name}", which the source or the runtime sets itself; allowed is any other`,
      );
    }
    if (checked.has(lowerCase)) throw new TypeError(`a name in headers is "${name}" twice; allowed is once`);
    if (typeof value !== 'string')
      throw new TypeError(`header "${name}" is ${describeOption(value)}; allowed is a text`);
    if (!VALUE.test(value)) {
      throw new TypeError(
        `header "${name}" is one that cannot be sent; allowed is at most 16,384 characters, none of them a line break (look at its end)`,
      );
    }
    checked.set(lowerCase, value);
  }
  return checked;
}
