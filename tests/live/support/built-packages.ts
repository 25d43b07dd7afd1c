import { fileURLToPath } from 'node:url';
import { requireBuilt } from '../../../scripts/built-from.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Comes before everything that starts or bundles what imports the packages as users do. Throws when they are not built
 * as they stand.
 */
export function demandBuiltPackages(): void {
  requireBuilt(root);
}
