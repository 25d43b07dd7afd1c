/** Semantic versions 2.0.0 (semver.org). The three numbers have at most 15 digits, so that they are exact. */
export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The identifiers after the hyphen in a form that sorts; empty for a release. */
  readonly prerelease: string;
}

/** What may follow the three numbers: prerelease, of which numbers have no leading zero, and build. */
const REST = /(?:-((?!0\d+(?:[.+]|$))[\da-z-]+(?:\.(?!0\d+(?:[.+]|$))[\da-z-]+)*))?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/iy;

const ZERO: SemanticVersion = { major: 0, minor: 0, patch: 0, prerelease: '' };

export function isSemanticVersion(text: string): boolean {
  return !Number.isNaN(compareSemanticVersion(text, ZERO));
}

/** Reads what `isSemanticVersion` takes. Any other text comes before and after nothing. */
export function parseSemanticVersion(text: string): SemanticVersion {
  const [, core, prerelease] = /^([^+-]+)-?([^+]*)/.exec(text)!;
  const [major, minor, patch] = core!.split('.').map(Number) as [number, number, number];
  return { major, minor, patch, prerelease: sortable(prerelease!) };
}

/**
 * Identifiers as text whose order is their precedence: numbers come before words, longer numbers after shorter ones, and what is shorter but
 * otherwise the same comes first.
 */
function sortable(identifiers: string): string {
  return identifiers
    .replace(/[^.]+/g, (one) => (/\D/.test(one) ? '\uffff' : String.fromCharCode(one.length)) + one)
    .replaceAll('.', '\0');
}

/**
 * The precedence of `text` against `version` by semver.org section 11: negative, zero or positive; NaN when `text` is no version. A release
 * is compared without allocating.
 */
export function compareSemanticVersion(text: string, version: SemanticVersion): number {
  const end = text.length;
  let order = 0;
  let part = 0;
  let number = 0;
  let digits = 0;
  let index = 0;
  for (; ; index++) {
    const digit = index === end ? -1 : text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) {
      // A leading zero, or more digits than are exact.
      if ((number === 0 && digits === 1) || digits === 15) return NaN;
      number = number * 10 + digit;
      digits++;
      continue;
    }
    if (digits === 0) return NaN;
    if (order === 0) order = number - (part === 0 ? version.major : part === 1 ? version.minor : version.patch);
    if (part === 2) break;
    if (digit !== -2) return NaN;
    part++;
    number = digits = 0;
  }
  if (index === end) return order || (version.prerelease === '' ? 0 : 1);
  REST.lastIndex = index;
  const rest = REST.exec(text);
  if (rest === null) return NaN;
  const prerelease = sortable(rest[1] ?? '');
  if (order !== 0 || prerelease === version.prerelease) return order;
  // A release comes after its prereleases.
  return (prerelease || '\uffff\uffff') > (version.prerelease || '\uffff\uffff') ? 1 : -1;
}
