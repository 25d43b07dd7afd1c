/** What a row says of the document that is held. */
import { type CountedRevision, StoreError } from '@clarity/flags-core/ports';
import { type PostgresLayout, SCHEMA_VERSION } from './layout.ts';
import type { Row } from './statements.ts';

export type HeldRevision = CountedRevision & { readonly hash: string };

/**
 * The revision in a row; undefined where no document is held.
 *
 * @throws StoreError for tables that this release cannot read, or that nobody of ours filled
 */
export function heldRevision(row: Row | undefined, layout: PostgresLayout): HeldRevision | undefined {
  requireKnownTables(row, layout);
  const { epoch, version, sha256 } = row ?? {};
  if (epoch === null && version === null) return undefined;
  const [epochNumber, versionNumber] = [wholeNumber(epoch), wholeNumber(version)];
  if (epochNumber === undefined || versionNumber === undefined || !/^[0-9a-f]{64}$/.test(sha256 ?? '')) {
    throw new StoreError(
      'invalid',
      `${layout.place} is without a readable epoch, version or sha256, so no publisher wrote it; restore a document over it`,
    );
  }
  return { epoch: epochNumber, version: versionNumber, hash: sha256 ?? '' };
}

/** @throws StoreError unless the tables are of a version that this release knows */
export function requireKnownTables(row: Row | undefined, { schema }: PostgresLayout): void {
  const found = wholeNumber(row?.['layout']);
  if (found === SCHEMA_VERSION) return;
  if (found !== undefined && found > SCHEMA_VERSION) {
    throw new StoreError(
      'invalid',
      `the tables in the schema ${schema} are of version ${found}, made by a newer release; this one knows ${SCHEMA_VERSION}: use that release, or another schema`,
    );
  }
  throw new StoreError(
    'not-found',
    `the schema ${schema} is not set up; run clarity-flags setup with a user who may create tables`,
  );
}

/**
 * A safe whole number in decimal. Numbers at or beyond 2^53 cannot be compared exactly and count as unreadable (F54).
 */
export function wholeNumber(text: string | null | undefined): number | undefined {
  if (typeof text !== 'string' || !/^\d{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
