import { checkedRole, checkedSchema, quotedName, quotedText, SCHEMA_VERSION } from './layout.ts';
import { lockKey } from './statements.ts';

export interface SetupOptions {
  /** The schema of the tables, made where it is not there. Default `feature_flags`. */
  readonly schema?: string;
  /** A role that is to read flags; it has to be there. */
  readonly reader?: string;
  /** A role that is to publish them; it has to be there. */
  readonly writer?: string;
}

/**
 * The statements that make tables and rights, for a user who may do that. One transaction, which may be repeated: what
 * is there stays as it is. Tables of a newer release are refused.
 *
 * @throws TypeError for a name that Postgres would not take
 */
export function setupStatements(options: SetupOptions = {}): string {
  const schema = checkedSchema(options.schema);
  const [reader, writer] = [checkedRole('reader', options.reader), checkedRole('writer', options.writer)];
  const name = quotedName(schema);
  return [
    `-- Clarity Flags: the schema ${name}, version ${SCHEMA_VERSION}. May be run again.`,
    'BEGIN;',
    `SELECT pg_advisory_xact_lock(${lockKey(`setup/${schema}`)});`,
    tables(schema),
    ...(reader === undefined ? [] : [readerRights(name, quotedName(reader))]),
    ...(writer === undefined ? [] : [writerRights(name, quotedName(writer))]),
    'COMMIT;',
    '',
  ].join('\n');
}

function tables(schema: string): string {
  const name = quotedName(schema);
  return `DO $clarity$ BEGIN
  IF to_regnamespace(${quotedText(name)}) IS NULL THEN
    CREATE SCHEMA ${name};
  END IF;
END $clarity$;
CREATE TABLE IF NOT EXISTS ${name}.schema_version (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  version integer NOT NULL
);
DO $clarity$ BEGIN
  IF EXISTS (SELECT FROM ${name}.schema_version WHERE version > ${SCHEMA_VERSION}) THEN
    RAISE EXCEPTION 'the tables were made by a newer release of Clarity Flags; use that one' USING ERRCODE = 'CLF01';
  END IF;
END $clarity$;
-- One row for each namespace. "at" is when it was published (Unix milliseconds), "meta" what the publisher noted
-- beside it, "beat" when a region that may publish last said that it keeps up.
CREATE TABLE IF NOT EXISTS ${name}.documents (
  namespace text PRIMARY KEY,
  epoch bigint NOT NULL,
  version bigint NOT NULL,
  sha256 text NOT NULL,
  at bigint NOT NULL,
  doc text NOT NULL,
  id text NOT NULL,
  meta jsonb,
  beat bigint
);
-- The last thousand publications or so: one that is sent again is answered as it was the first time.
CREATE TABLE IF NOT EXISTS ${name}.publications (
  namespace text NOT NULL,
  id text NOT NULL,
  epoch bigint NOT NULL,
  version bigint NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (namespace, id)
);
CREATE INDEX IF NOT EXISTS publications_by_epoch ON ${name}.publications (namespace, epoch);
INSERT INTO ${name}.schema_version (version) VALUES (${SCHEMA_VERSION}) ON CONFLICT (single) DO NOTHING;`;
}

function readerRights(schema: string, role: string): string {
  return `GRANT USAGE ON SCHEMA ${schema} TO ${role};
GRANT SELECT ON ${schema}.schema_version, ${schema}.documents TO ${role};`;
}

function writerRights(schema: string, role: string): string {
  return `${readerRights(schema, role)}
GRANT INSERT, UPDATE ON ${schema}.documents TO ${role};
GRANT SELECT, INSERT, DELETE ON ${schema}.publications TO ${role};`;
}
