/** `application/json`, or a type that says it is JSON underneath (RFC 6839, 3.1). */
const JSON_TYPE = /^application\/(?:[\w!#$&^.-]+\+)?json$/;

/** The media type of a `Content-Type`, lower case and without parameters; `undefined` when there is none. */
export function mediaType(contentType: string | null): string | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

export function isAccepted(type: string | undefined, alsoAccepted: ReadonlySet<string>): boolean {
  return type !== undefined && (JSON_TYPE.test(type) || alsoAccepted.has(type));
}
