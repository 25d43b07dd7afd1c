import { CallScope, checkedMaxBytes } from '@clarity/flags-core/adapter-kit';
import {
  compareRevisions,
  type FlagSource,
  isCounted,
  type ReadResult,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import { createHash } from 'node:crypto';
import { notedBeside } from './meta.ts';
import { explained } from './other-tables.ts';
import type { DocumentOptions, PostgresOptions } from './postgres-options.ts';
import { heldRevision, wholeNumber } from './record.ts';
import { MOST_BYTES, resolvePostgres } from './resolve-postgres.ts';
import type { Session } from './session.ts';
import { sessionsOf } from './sessions.ts';
import { readStatement } from './statements.ts';

export type PostgresSourceOptions = PostgresOptions & DocumentOptions;

/**
 * The document in Postgres as a source. A read is one statement: it gives the revision, and the document only where
 * that is another than the known one, at one moment with its hash, which is verified. The revision is `{ epoch,
 * version, hash }`.
 *
 * `read` rejects with `not-found` (no document, or no tables), `invalid` (tables of a newer release, a text that does
 * not match its hash, no such database), `too-large`, `unauthorized`, `unavailable`, `throttled` or `timeout` (also the
 * caller's signal).
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresSource(options: PostgresSourceOptions): FlagSource {
  const resolved = resolvePostgres(options);
  const { name, layout } = resolved;
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const attempt = `read ${layout.place}`;
  const sessions = sessionsOf(resolved, attempt);
  const scope = new CallScope(`the Postgres source ${name}`);
  const statement = readStatement(layout);

  async function readOnce(session: Session, known: Revision | undefined): Promise<ReadResult> {
    const values = [layout.namespace, ...knownValues(known), String(maxBytes)];
    const [row] = await session.query(statement, values).catch(async (error: unknown) => {
      throw await explained(session, layout, error);
    });
    const revision = heldRevision(row, layout);
    if (row === undefined || revision === undefined) {
      throw new StoreError('not-found', `there is no document at ${layout.place}; publish one, or correct namespace`);
    }
    const [publishedAtMs, storeTimeMs] = [wholeNumber(row['at']), wholeNumber(row['now'])];
    const reading = {
      revision,
      ...(publishedAtMs !== undefined && { publishedAtMs }),
      ...(storeTimeMs !== undefined && { storeTimeMs }),
    };
    if (known !== undefined && compareRevisions(revision, known) === 'same') return { kind: 'unchanged', ...reading };
    const { doc: text } = row;
    if (typeof text !== 'string') {
      const message = `the document at ${layout.place} has ${row['bytes']} bytes and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`;
      throw new StoreError('too-large', message, { revision });
    }
    if (createHash('sha256').update(text).digest('hex') !== revision.hash) {
      const message = `the text at ${layout.place} does not match its hash; publish or restore another`;
      throw new StoreError('invalid', message, { revision });
    }
    const ancestors = notedBeside(row['id'], row['meta'], revision)?.recent;
    return { kind: 'document', complete: true, text, ...reading, ...(ancestors !== undefined && { ancestors }) };
  }

  return {
    name,
    read: (known, signal) =>
      scope.run(attempt, signal, (ending) => sessions.run((session) => readOnce(session, known), ending)),
    close: () => {
      scope.close();
      return sessions.close();
    },
  };
}

/** Epoch, version and hash of a revision that Postgres may be asked about. */
function knownValues(known: Revision | undefined): readonly (string | null)[] {
  if (known === undefined || !isCounted(known)) return [null, null, null];
  const { epoch, version, hash = null } = known;
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(version)
    ? [String(epoch), String(version), hash]
    : [null, null, null];
}
