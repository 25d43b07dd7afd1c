import { isStoreError } from '@clarity/flags-core/ports';
import type { PostgresLayout } from './layout.ts';
import { requireKnownTables } from './record.ts';
import type { Session } from './session.ts';
import { versionStatement } from './statements.ts';

/**
 * What to say of a failure: where a table or a column is not there, it looks whether the tables are of a newer release,
 * which says more. Outside of a transaction, since one that failed answers nothing.
 */
export async function explained(session: Session, layout: PostgresLayout, error: unknown): Promise<unknown> {
  if (!isStoreError(error) || (error.reason !== 'not-found' && error.reason !== 'invalid')) return error;
  try {
    const [row] = await session.query(versionStatement(layout));
    requireKnownTables(row, layout);
    return error;
  } catch (other) {
    return isStoreError(other) && other.reason === 'invalid' ? other : error;
  }
}
