/** Pieces of sentences. */

/** `1 user`, `2 users`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(parts: readonly string[], joint: 'and' | 'or'): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** `25 %`, `33.333 %`; near nobody and near everybody as exactly as a million buckets are. */
export function percent(share: number): string {
  const thousandth = Number(share.toFixed(3));
  const isAll = thousandth === 0 || thousandth === 100;
  return `${isAll && thousandth !== share ? Number(share.toFixed(4)) : thousandth} %`;
}

const LONGEST = 60;

/** A name or a text as it stands where nobody can misread it, else in quotes; shortened. */
export function quoted(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return /^[\p{L}\p{N}_.@$/:+-]+…?$/u.test(short) ? short : JSON.stringify(short);
}

/** The attribute that holds the unit, or those of which the first does. */
export function unitWords(by: string | readonly string[]): string {
  return listed([by].flat().map(quoted), 'or');
}

/** What shares are of: `of users`, `by companyId`. */
export function ofUnits(by: string | readonly string[] = 'targetingKey'): string {
  return by === 'targetingKey' ? 'of users' : `by ${unitWords(by)}`;
}
