/** The statements that source and publisher send. Everything comes as text: numbers beyond 2^53 stay what they are. */
import { type PostgresLayout, quotedName, quotedText } from './layout.ts';

/** The store's clock, Unix milliseconds. */
const NOW = 'trunc(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS now';

export type Row = Readonly<Record<string, string | null>>;

/**
 * What a source asks at each interval: the revision, and the document only where that is another than the known one
 * ($2 epoch, $3 version, $4 hash or null) and not larger than allowed ($5). $1 is the namespace. A document that is not
 * asked for is not even read from the server's disk.
 */
export function readStatement({ schema }: PostgresLayout): string {
  const tables = quotedName(schema);
  return `SELECT s.version::text AS layout, d.epoch::text AS epoch, d.version::text AS version, d.sha256, d.at::text AS at,
  octet_length(d.doc)::text AS bytes, d.id, ${NOW},
  CASE WHEN asked.document THEN d.doc END AS doc, CASE WHEN asked.document THEN d.meta::text END AS meta
FROM ${tables}.schema_version s
LEFT JOIN ${tables}.documents d ON d.namespace = $1
CROSS JOIN LATERAL (SELECT
  (d.epoch = $2::bigint AND d.version = $3::bigint AND ($4::text IS NULL OR d.sha256 = $4)) IS NOT TRUE
  AND octet_length(d.doc) <= $5::bigint AS document) asked`;
}

/** After an error about a table or column: which version of the tables is there. */
export function versionStatement({ schema }: PostgresLayout): string {
  return `SELECT version::text AS layout FROM ${quotedName(schema)}.schema_version`;
}

/**
 * Begins a publication, one at a time for each document, by a lock that ends with the transaction; and tells what is
 * held then, and whether the publication `id` was carried out before (F60). What is confirmed is on disk, also where
 * `synchronous_commit` is off for others. A publisher that stops in the middle holds nobody up for long.
 *
 * All in one message: each statement sees what was committed before it began, so the last one sees what the publisher
 * before it wrote. Such a message takes no parameters.
 */
export function beginStatements({ schema, namespace }: PostgresLayout, id: string, rights: IdentityRights): string {
  const tables = quotedName(schema);
  return `BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local');
SET LOCAL idle_in_transaction_session_timeout = '10s';
SELECT pg_advisory_xact_lock(${lockKey(`${schema}/${namespace}`)});
SELECT s.version::text AS layout, d.epoch::text AS epoch, d.version::text AS version, d.sha256, d.id,
  d.meta::text AS meta, p.epoch::text AS told_epoch, p.version::text AS told_version, p.sha256 AS told_sha256,
  ${NOW}, ${identityColumns(rights)}
FROM ${tables}.schema_version s
LEFT JOIN ${tables}.documents d ON d.namespace = ${quotedText(namespace)}
LEFT JOIN ${tables}.publications p ON p.namespace = ${quotedText(namespace)} AND p.id = ${quotedText(id)}`;
}

/**
 * Writes, remembers the publication and announces it, or does none of it where somebody wrote past our lock: no row
 * then. $1 namespace, $2 epoch, $3 version, $4 hash, $5 at, $6 document, $7 id, $8 meta, $9 the id that was held or
 * null, $10 channel, $11 notice. About the last thousand publications are remembered; older ones are forgotten now and
 * then.
 */
export function writeStatement({ schema }: PostgresLayout): string {
  const tables = quotedName(schema);
  return `WITH written AS (
  INSERT INTO ${tables}.documents AS d (namespace, epoch, version, sha256, at, doc, id, meta)
  VALUES ($1, $2::bigint, $3::bigint, $4, $5::bigint, $6, $7, $8::jsonb)
  ON CONFLICT (namespace) DO UPDATE SET epoch = excluded.epoch, version = excluded.version, sha256 = excluded.sha256,
    at = excluded.at, doc = excluded.doc, id = excluded.id, meta = excluded.meta
  WHERE d.id = $9::text
  RETURNING namespace, epoch, version, sha256, at, id
), remembered AS (
  INSERT INTO ${tables}.publications (namespace, id, epoch, version, sha256)
  SELECT namespace, id, epoch, version, sha256 FROM written
), forgotten AS (
  DELETE FROM ${tables}.publications WHERE namespace = $1 AND $3::bigint % 32 < 2 AND epoch <= (
    SELECT epoch FROM ${tables}.publications WHERE namespace = $1 ORDER BY epoch DESC OFFSET 1000 LIMIT 1)
)
SELECT pg_notify($10, $11)::text AS told FROM written`;
}

/** What this user may ask of the server's identity. */
export interface IdentityRights {
  readonly system: boolean;
  readonly timeline: boolean;
}

export const IDENTITY_RIGHTS = `SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')::text AS system,
  (has_function_privilege('pg_catalog.pg_walfile_name(pg_lsn)', 'EXECUTE')
  AND has_function_privilege('pg_catalog.pg_current_wal_lsn()', 'EXECUTE'))::text AS timeline`;

/**
 * Which server that is: the identifier that it got when it was made, and the timeline, which is another after each
 * failover. (`pg_control_checkpoint` tells the new timeline only after a checkpoint.)
 */
export function identityColumns({ system, timeline }: IdentityRights): string {
  const columns = [
    system ? '(SELECT system_identifier::text FROM pg_catalog.pg_control_system())' : 'NULL::text',
    timeline
      ? 'CASE WHEN NOT pg_is_in_recovery() THEN left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END'
      : 'NULL::text',
  ];
  return `${columns[0]} AS system, ${columns[1]} AS timeline`;
}

/** The same for everybody who names the same thing: the first 63 bits of a hash (FNV-1a). */
export function lockKey(name: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`clarity-flags/${name}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return (hash >> 1n).toString();
}

/** What an inspector asks, with the columns of the identity. $1 is the namespace. */
export function inspectStatement({ schema }: PostgresLayout, identity: string): string {
  const tables = quotedName(schema);
  return `SELECT s.version::text AS layout, d.epoch::text AS epoch, d.version::text AS version, d.sha256, d.id,
  d.meta::text AS meta, ${NOW}, ${identity}, pg_is_in_recovery()::text AS recovering,
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes
FROM ${tables}.schema_version s LEFT JOIN ${tables}.documents d ON d.namespace = $1`;
}
