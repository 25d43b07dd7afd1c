import type { Table } from '../references/references.ts';
import type { FlagDefinition, FlagDocument, Holdout, Layer, Segment } from '@clarity/flags-core/document';

/** The tables of a document, and what is in them. */
export interface Entries {
  readonly flags: FlagDefinition;
  readonly segments: Segment;
  readonly layers: Layer;
  readonly holdouts: Holdout;
}

/** A document with an entry put in its place, last where it is new, or without it where it is undefined. */
export function withEntry<Name extends Table>(
  document: FlagDocument,
  table: Name,
  key: string,
  entry: Entries[Name] | undefined,
): FlagDocument {
  // Without a prototype, as decoded tables are.
  const copy: Record<string, unknown> = Object.assign(Object.create(null) as object, document[table]);
  if (entry === undefined) delete copy[key];
  else copy[key] = entry;
  const { setAside } = document;
  return {
    ...document,
    [table]: copy,
    ...(table === 'flags' && setAside !== undefined && { setAside: setAside.filter(({ flagKey }) => flagKey !== key) }),
  };
}

export function entryAt<Name extends Table>(
  document: FlagDocument,
  table: Name,
  key: string,
): Entries[Name] | undefined {
  const entries = document[table] as Readonly<Record<string, Entries[Name]>> | undefined;
  return entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

export function isSetAside({ setAside = [] }: FlagDocument, flagKey: string): boolean {
  return setAside.some((aside) => aside.flagKey === flagKey);
}
