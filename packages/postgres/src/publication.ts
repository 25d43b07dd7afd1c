/** Publishing to Postgres: one transaction compares, writes, remembers and announces, or does none of it. */
import { isLost, LOST_WRITES_REMEDY, nextEpoch, publishWarnings } from '@clarity/flags-core/adapter-kit';
import {
  type CountedRevision,
  formatRevision,
  isCounted,
  type PublishedRevision,
  type PublishWarning,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import type { PostgresLayout } from './layout.ts';
import { metaText, notedBeside } from './meta.ts';
import { noticeText } from './notice.ts';
import { explained } from './other-tables.ts';
import { heldRevision, type HeldRevision, requireKnownTables, wholeNumber } from './record.ts';
import { serverOf } from './server-identity.ts';
import type { Session } from './session.ts';
import { beginStatements, type IdentityRights, type Row, writeStatement } from './statements.ts';

export interface Publication {
  readonly layout: PostgresLayout;
  readonly text: string;
  /** SHA-256 of the text's UTF-8 bytes, lower-case hex. */
  readonly hash: string;
  /** `any`: a restore. */
  readonly expected: Revision | 'absent' | 'any';
  /** Unique for each publication, the same for each time that it is sent. */
  readonly id: string;
  /** Our clock, Unix milliseconds. */
  readonly wallMs: number;
  /** The highest epoch that this publisher was told before (`EpochFloor`). */
  readonly floorEpoch: number;
  readonly rights: IdentityRights;
}

/**
 * Carries it out once, however often it is sent: what was carried out before is answered as it was the first time
 * (F60).
 *
 * @throws StoreError
 */
export async function publishIn(
  session: Session,
  publication: Publication,
): Promise<PublishedRevision & CountedRevision> {
  const { layout, rights, id } = publication;
  try {
    const [row = {}] = await session.query(beginStatements(layout, id, rights));
    const told = toldBefore(row);
    const published = told ?? (await write(session, row, publication));
    await session.query('COMMIT');
    return published;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw await explained(session, layout, error);
  }
}

function toldBefore(row: Row): HeldRevision | undefined {
  const [epoch, version] = [wholeNumber(row['told_epoch']), wholeNumber(row['told_version'])];
  if (epoch === undefined || version === undefined) return undefined;
  return { epoch, version, hash: row['told_sha256'] ?? '' };
}

async function write(
  session: Session,
  row: Row,
  publication: Publication,
): Promise<PublishedRevision & CountedRevision> {
  const { layout, text, hash, expected, id, wallMs, floorEpoch, rights } = publication;
  const held = heldToReplace(row, publication);
  if (!isExpected(held, expected)) throw conflictError(held, publication);
  const storeMs = wholeNumber(row['now']) ?? wallMs;
  const { epoch, poisoned } = nextEpoch({ storeMs, wallMs, heldEpoch: held?.epoch, floorEpoch });
  const isUpon = typeof expected !== 'string';
  if (isUpon && held !== undefined && (poisoned || held.version >= Number.MAX_SAFE_INTEGER)) {
    throw new StoreError(
      'invalid',
      `${layout.place} holds an epoch more than a day ahead, or a version that cannot rise; set the clock that is wrong, or restore a document over it`,
    );
  }
  const revision = { epoch, version: isUpon && held !== undefined ? held.version + 1 : 1, hash };
  const before = held === undefined ? undefined : notedBeside(row['id'], row['meta'], held);
  const server = serverOf(row);
  const values = [
    layout.namespace,
    String(epoch),
    String(revision.version),
    hash,
    String(Math.min(storeMs, epoch)),
    text,
    id,
    metaText({ id, server, base: held, before }),
    row['id'] ?? null,
    layout.channel,
    noticeText(layout, revision),
  ];
  const written = await session.query(writeStatement(layout), values);
  if (written.length === 0) throw conflictError(held, publication, 'somebody wrote past the publishers meanwhile');
  const facts = { place: layout.place, held, floorEpoch, storeMs, wallMs, server };
  const warnings = [
    ...publishWarnings({ ...facts, ...(before !== undefined && { heldServer: before.server }) }),
    ...missingRights(rights, layout),
  ];
  return { ...revision, ...(warnings.length > 0 && { warnings }) };
}

/** What cannot be read may be replaced by a restore. */
function heldToReplace(row: Row, { layout, expected }: Publication): HeldRevision | undefined {
  requireKnownTables(row, layout);
  try {
    return heldRevision(row, layout);
  } catch (error) {
    if (expected === 'any') return undefined;
    throw error;
  }
}

function isExpected(held: HeldRevision | undefined, expected: Publication['expected']): boolean {
  if (expected === 'any') return true;
  if (expected === 'absent' || held === undefined) return expected === 'absent' && held === undefined;
  // A revision of a store that only hashes can still be compared: by its hash.
  if (!isCounted(expected)) return expected.hash === held.hash;
  const { epoch, version, hash = held.hash } = expected;
  return epoch === held.epoch && version === held.version && hash === held.hash;
}

function conflictError(
  held: HeldRevision | undefined,
  { layout, expected, wallMs }: Publication,
  why?: string,
): StoreError {
  const wanted = typeof expected === 'string' ? `to be ${expected}` : `to hold ${formatRevision(expected)}`;
  const found = held === undefined ? 'nothing' : formatRevision(held);
  const remedy = isLost(expected, held, wallMs)
    ? `, ${LOST_WRITES_REMEDY}`
    : '; read it again and publish on top of that';
  const message = `${layout.place} was expected ${wanted} and ${why ?? `holds ${found}`}${remedy}`;
  return new StoreError('conflict', message, held && { revision: held });
}

function missingRights({ system, timeline }: IdentityRights, { place }: PostgresLayout): readonly PublishWarning[] {
  if (system && timeline) return [];
  const functions = [
    ...(system ? [] : ['pg_control_system()']),
    ...(timeline ? [] : ['pg_walfile_name(pg_lsn)', 'pg_current_wal_lsn()']),
  ];
  const message = `this user may not ask which server that is, so nobody is told when the server of ${place} failed over or was replaced; GRANT EXECUTE ON FUNCTION ${functions.join(', ')}`;
  return [{ kind: 'missing-right', message }];
}
