/** Where a flag document lives in Postgres: schema, tables and channel. */
import { showOption } from '@clarity/flags-core/adapter-kit';
import type { PostgresPlace } from './postgres-options.ts';

export interface PostgresLayout {
  readonly schema: string;
  readonly namespace: string;
  readonly channel: string;
  /** For messages. */
  readonly place: string;
}

/**
 * The version of the tables that this release writes and reads. It rises only with a change that an older release could
 * not live with; what is merely added does not raise it.
 */
export const SCHEMA_VERSION = 1;

const DEFAULT_NAME = 'feature_flags';
/** Postgres takes no longer name of a schema, a role or a channel: it cuts some, and refuses others. */
const MOST_NAME_BYTES = 63;
const NAMESPACE = /^[\w.:/-]{1,48}$/;
const SCHEMA = /^[\w][\w .-]*$/;

/** @throws TypeError for a schema, namespace or channel outside of what is allowed. */
export function postgresLayout(options: PostgresPlace = {}): PostgresLayout {
  const { namespace = DEFAULT_NAME } = options;
  if (typeof namespace !== 'string' || !NAMESPACE.test(namespace)) {
    throw new TypeError(
      `namespace is ${showOption(namespace)}; allowed is 1 to 48 letters, digits, or characters of "_ . : / -"`,
    );
  }
  const schema = checkedSchema(options.schema);
  const { channel = `${namespace}:config-changed` } = options;
  if (!isName(channel)) {
    throw new TypeError(`channel is ${showOption(channel)}; allowed is a text of 1 to ${MOST_NAME_BYTES} bytes`);
  }
  return { schema, namespace, channel, place: `${namespace} in ${schema}.documents` };
}

/** @throws TypeError for a name that is none of a schema of ours */
export function checkedSchema(schema: unknown = DEFAULT_NAME): string {
  if (isName(schema) && SCHEMA.test(schema) && !/^pg_/i.test(schema)) return schema;
  throw new TypeError(
    `schema is ${showOption(schema)}; allowed is 1 to ${MOST_NAME_BYTES} letters, digits, blanks, or characters of "_ . -", and not "pg_" before them`,
  );
}

/** @throws TypeError for what is no name of a role */
export function checkedRole(option: string, role: unknown): string | undefined {
  if (role === undefined || isName(role)) return role;
  throw new TypeError(`${option} is ${showOption(role)}; allowed is the name of a role, 1 to ${MOST_NAME_BYTES} bytes`);
}

function isName(name: unknown): name is string {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) return false;
  return new TextEncoder().encode(name).length <= MOST_NAME_BYTES;
}

/** A name within a statement, whatever is in it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text within a statement that takes no parameters, whatever is in it. */
export function quotedText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
