// Lets a child process run the packages' sources: `node --import <this file> child.ts`. No build is needed first.
import { registerHooks } from 'node:module';

const sources = new Map([
  ['@clarity/flags-core/ports', new URL('../../../core/src/ports.ts', import.meta.url).href],
  ['@clarity/flags-core/adapter-kit', new URL('../../../core/src/adapter-kit.ts', import.meta.url).href],
  ['@clarity/flags-file', new URL('../../src/index.ts', import.meta.url).href],
]);

registerHooks({
  resolve: (specifier, context, next) => next(sources.get(specifier) ?? specifier, context),
});
