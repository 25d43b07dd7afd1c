/** What source and publisher speak with the server through. */
import type { Row } from './statements.ts';

export interface Session {
  /** The rows of the statement, or of the last of several. @throws StoreError */
  query(text: string, values?: readonly (string | null)[]): Promise<readonly Row[]>;
}

/** Whatever parsers the application has set for its own queries. */
const AS_TEXT = { getTypeParser: () => (value: string | null) => value };

/** Without a name, so that poolers can hand each to another connection. */
export function textQuery(text: string, values?: readonly (string | null)[]) {
  return { text, types: AS_TEXT as never, ...(values !== undefined && { values: [...values] }) };
}

/** Of what pg resolves with: one result, or one for each statement. */
export function lastRows(result: unknown): readonly Row[] {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  return (last as { readonly rows?: readonly Row[] } | undefined)?.rows ?? [];
}
