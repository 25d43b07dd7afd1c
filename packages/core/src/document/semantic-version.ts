/** Semantic versions 2.0.0 (semver.org). The three numbers have at most 15 digits, so that they are exact. */
export interface SemanticVersion {
  /** Major, minor and patch. */
  readonly core: readonly number[];
  /** The identifiers after the hyphen in a form that sorts. */
  readonly prerelease: string;
}

/** What may follow the three numbers: prerelease, of which numbers have no leading zero, and build. */
const REST = /(?:-((?!0\d+(?:[.+]|$))[\da-z-]+(?:\.(?!0\d+(?:[.+]|$))[\da-z-]+)*))?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/iy;

/** A release comes after its prereleases. */
const RELEASE = '\uffff\uffff';
const ZERO: SemanticVersion = { core: [0, 0, 0], prerelease: RELEASE };

export function isSemanticVersion(text: string): boolean {
  return !Number.isNaN(compareSemanticVersion(text, ZERO));
}

/** Reads what `isSemanticVersion` takes. Any other text comes before and after nothing. */
export function parseSemanticVersion(text: string): SemanticVersion {
  const [, core, prerelease] = /^([^+-]+)-?([^+]*)/.exec(text)!;
  return { core: core!.split('.').map(Number), prerelease: sortable(prerelease!) };
}

/**
 * Identifiers as text whose order is their precedence: numbers come before words, longer numbers after shorter ones,
 * and what is shorter but otherwise the same comes first.
 */
function sortable(identifiers: string): string {
  const sorting = identifiers
    .replace(/[^.]+/g, (one) => (/\D/.test(one) ? '\uffff' : String.fromCharCode(one.length)) + one)
    .replaceAll('.', '\0');
  return sorting || RELEASE;
}

/**
 * The precedence of `text` against `version` by semver.org section 11: negative, zero or positive; NaN when `text` is
 * no version. A release is compared without allocating; what follows it is rarer, and `spend` is told of its length
 * first, and may throw.
 */
export function compareSemanticVersion(
  text: string,
  version: SemanticVersion,
  spend?: (characters: number) => void,
): number {
  const end = text.length;
  let order = 0;
  let index = 0;
  for (let part = 0; ; part++) {
    const start = index;
    let number = 0;
    for (let digit; index < end && (digit = text.charCodeAt(index) - 48) >>> 0 < 10; index++)
      number = number * 10 + digit;
    const digits = index - start;
    // Nothing, a leading zero, or more digits than are exact.
    if (digits !== 1 && (!digits || digits > 15 || text.charCodeAt(start) === 48)) return NaN;
    order ||= number - version.core[part]!;
    if (part === 2) break;
    if (index === end || text.charCodeAt(index++) !== 46) return NaN;
  }
  if (index < end) {
    spend?.(end - index);
    return compareRest(text, index, version, order);
  }
  return order || Number(version.prerelease < RELEASE);
}

/**
 * The same, of what follows the three numbers. Apart, because it is rare and the rest is to be small enough to be
 * inlined.
 */
function compareRest(text: string, index: number, version: SemanticVersion, order: number): number {
  REST.lastIndex = index;
  const rest = REST.exec(text);
  if (!rest) return NaN;
  const prerelease = sortable(rest[1] ?? '');
  return order || Number(prerelease > version.prerelease) - Number(prerelease < version.prerelease);
}
