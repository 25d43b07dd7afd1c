// `node --import <this file> program.ts`: what is imported from core by name are the sources beside this file, and
// nothing that was built.
import { registerHooks } from 'node:module';

const CORE = '@clarity/flags-core/';

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith(CORE)
        ? new URL(`../../../packages/core/src/${specifier.slice(CORE.length)}.ts`, import.meta.url).href
        : specifier,
      context,
    ),
});
