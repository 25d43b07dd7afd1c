import type * as Config from 'effect/Config';
import * as ConfigProvider from 'effect/ConfigProvider';
import * as Effect from 'effect/Effect';
import * as SchemaIssue from 'effect/SchemaIssue';
import { InvalidOptionsError } from '../client/options/option-reader.ts';
import { type InvalidFlagOptions, invalidOptions } from './invalid-flag-options.ts';

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1();

/**
 * What is wrong with configuration, as problems of options: a sentence for each name, which says whether it is set and
 * what is allowed. Never its value: nobody knows here which of them are secrets.
 */
export const configProblems = Effect.fnUntraced(function* ({
  cause,
}: Config.ConfigError): Effect.fn.Return<never, InvalidFlagOptions> {
  if (cause._tag === 'SourceError') {
    return yield* invalidOptions(new InvalidOptionsError(['the configuration provider could not be read']));
  }
  const provider = yield* ConfigProvider.ConfigProvider;
  const byName = new Map<string, { readonly path: ConfigProvider.Path; readonly allowed: Set<string> }>();
  for (const { message, path = [] } of issuesOf(cause.issue).issues) {
    const keys = path
      .map((part) => (typeof part === 'object' ? part.key : part))
      .filter((key) => typeof key !== 'symbol');
    const name = keys.join('.');
    const { allowed } = byName.get(name) ?? { allowed: new Set() };
    byName.set(name, { path: keys, allowed: allowed.add(allowedBy(message)) });
  }
  const problems: string[] = [];
  for (const [name, { path, allowed }] of byName) {
    const node = yield* Effect.orElseSucceed(provider.load(path), () => undefined);
    const found = node === undefined ? 'nothing, it is not set' : 'a value that cannot be used';
    problems.push(`${name}: found ${found}; allowed is ${[...allowed].join(', or ')}`);
  }
  return yield* invalidOptions(new InvalidOptionsError(problems));
});

/** What an issue expects, in words that are not those of types. */
function allowedBy(message: string): string {
  const expected = message.replace(/^Expected /, '');
  return expected === 'string' ? 'text' : expected;
}
