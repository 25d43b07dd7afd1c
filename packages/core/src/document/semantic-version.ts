/** Semantic versions 2.0.0 (semver.org). The three numbers have at most 15 digits, so that they are exact. */
export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Dot-separated identifiers after the hyphen; empty for a release. */
  readonly prerelease: string;
}

/** What may follow the three numbers: prerelease, of which numbers have no leading zero, and build. */
const REST = /(?:-((?!0\d+(?:[.+]|$))[\da-z-]+(?:\.(?!0\d+(?:[.+]|$))[\da-z-]+)*))?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/iy;

const ZERO: SemanticVersion = { major: 0, minor: 0, patch: 0, prerelease: '' };

export function isSemanticVersion(text: string): boolean {
  return !Number.isNaN(compareSemanticVersion(text, ZERO));
}

export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  if (!isSemanticVersion(text)) return undefined;
  const [core, prerelease = ''] = text.split('+')[0]!.split(/-(.*)/);
  const [major, minor, patch] = core!.split('.').map(Number) as [number, number, number];
  return { major, minor, patch, prerelease };
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
  return rest === null ? NaN : order || comparePrerelease(rest[1] ?? '', version.prerelease);
}

function comparePrerelease(left: string, right: string): number {
  // A release comes after its prereleases.
  if (left === '' || right === '') return right.length - left.length;
  const ours = left.split('.');
  const theirs = right.split('.');
  for (const [index, our] of ours.entries()) {
    const their = theirs[index];
    if (their === undefined) return 1;
    if (our === their) continue;
    const isNumber = !/\D/.test(our);
    // Numbers come before words; a number with more digits is larger.
    if (isNumber === /\D/.test(their)) return isNumber ? -1 : 1;
    return (isNumber && our.length - their.length) || (our > their ? 1 : -1);
  }
  return ours.length - theirs.length;
}
