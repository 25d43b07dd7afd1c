import type { Row } from './statements.ts';

/** `system.timeline` of the server, or what of it is told; empty for neither. */
export function serverOf(row: Row): string {
  const { system, timeline } = row;
  return [system, timeline].filter((part) => typeof part === 'string').join('.');
}
