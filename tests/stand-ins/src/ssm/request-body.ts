/** Reads members of a request's JSON body, refusing as AWS does what has the wrong type. */
import { constraintError, SsmRefusal } from './refusal.ts';

type Body = Readonly<Record<string, unknown>>;

export function textOf(body: Body, member: string): string {
  const value = optionalText(body, member);
  if (value === undefined) throw constraintError(lowerFirst(member), 'null', 'Member must not be null');
  return value;
}

export function optionalText(body: Body, member: string): string | undefined {
  const value = body[member] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new SsmRefusal('SerializationException', `${typeof value} can not be converted to a String`);
}

export function flagOf(body: Body, member: string): boolean {
  const value = body[member] ?? false;
  if (typeof value === 'boolean') return value;
  throw new SsmRefusal('SerializationException', `${typeof value} can not be converted to a Boolean`);
}

export function optionalNumber(body: Body, member: string): number | undefined {
  const value = body[member] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw new SsmRefusal('SerializationException', `${typeof value} can not be converted to a Long`);
}

/** A page size from 1 to `most`, which is also the default. */
export function pageSizeOf(body: Body, most: number): number {
  const size = optionalNumber(body, 'MaxResults') ?? most;
  if (size < 1) throw constraintError('maxResults', size, 'Member must have value greater than or equal to 1');
  if (size > most) throw constraintError('maxResults', size, `Member must have value less than or equal to ${most}`);
  return size;
}

export function textsOf(body: Body, member: string, most: number): readonly string[] {
  const value = body[member];
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (texts.length === 0 || texts.length > most) {
    throw constraintError(
      lowerFirst(member),
      `[${texts.join(', ')}]`,
      `Member must have length less than or equal to ${most} and greater than or equal to 1`,
    );
  }
  return texts;
}

export function optionalWord<Word extends string>(
  body: Body,
  member: string,
  words: readonly Word[],
): Word | undefined {
  const value = optionalText(body, member);
  const word = words.find((one) => one === value);
  if (value !== undefined && word === undefined) {
    throw constraintError(lowerFirst(member), value, `Member must satisfy enum value set: [${words.join(', ')}]`);
  }
  return word;
}

function lowerFirst(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
