/** Credentials as they get into messages: in addresses, in headers, and as named values. Each pattern runs in linear time. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]{1,512}@/gi, '$1***@'],
  [/\b(bearer|basic)\s+[\w+/=.~-]{1,4096}/gi, '$1 ***'],
  [
    /\b(password|passwd|pass|secret|token|api[_-]?key|authorization|auth)(["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"'&,;]{1,4096}/gi,
    '$1$2***',
  ],
];

/** The text without the credentials that are recognisable in it: the last line of defence behind adapters that never put any in. */
export function redact(text: string): string {
  return PATTERNS.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}
