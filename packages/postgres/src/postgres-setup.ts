import { CallScope } from '@clarity/flags-core/adapter-kit';
import type { StoreRights, StoreSetup } from '@clarity/flags-core/ports';
import type { PostgresOptions } from './postgres-options.ts';
import { resolvePostgres } from './resolve-postgres.ts';
import { sessionsOf } from './sessions.ts';
import { setupStatements } from './setup-statements.ts';

/**
 * Makes the tables, and the rights of a reader and a writer, with a user who may do that. It may be repeated.
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresSetup(options: PostgresOptions): StoreSetup {
  const resolved = resolvePostgres(options);
  const { name, layout } = resolved;
  const { schema } = layout;
  const attempt = `set up the schema ${schema}`;
  const sessions = sessionsOf(resolved, attempt);
  const scope = new CallScope(`the setup of ${name}`);
  const statements = (rights: StoreRights = {}): string => setupStatements({ schema, ...rights });
  return {
    statements,
    run: async (rights, signal) => {
      const text = statements(rights);
      await scope.run(attempt, signal, (ending) =>
        sessions.run(async (session) => {
          try {
            await session.query(text);
          } catch (error) {
            await session.query('ROLLBACK').catch(() => undefined);
            throw error;
          }
        }, ending),
      );
    },
    close: () => {
      scope.close();
      return sessions.close();
    },
  };
}
