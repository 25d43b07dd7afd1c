/** Semantic versions 2.0.0 (semver.org): three numbers of at most 15 digits, prerelease, build. */
export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Dot-separated identifiers after the hyphen; empty for a release. */
  readonly prerelease: string;
}

const NUMBER = '(0|[1-9]\\d{0,14})';
const IDENTIFIER = '(?:0|[1-9]\\d{0,14}|\\d*[a-zA-Z-][\\da-zA-Z-]*)';
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[\\da-zA-Z-]+(?:\\.[\\da-zA-Z-]+)*)?$`,
);

export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const parts = VERSION.exec(text);
  return parts
    ? { major: Number(parts[1]), minor: Number(parts[2]), patch: Number(parts[3]), prerelease: parts[4] ?? '' }
    : undefined;
}

/**
 * The precedence of `text` against `version` by semver.org section 11: negative, zero or positive; NaN when `text` is no version. A release
 * is compared without allocating.
 */
export function compareSemanticVersion(text: string, version: SemanticVersion): number {
  let part = 0;
  let number = 0;
  let digits = 0;
  let major = 0;
  let minor = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      // A leading zero, or more digits than are exact.
      if ((digits === 1 && number === 0) || digits === 15) return NaN;
      number = number * 10 + code - 48;
      digits++;
    } else if (code === 46 && digits > 0 && part < 2) {
      if (part++ === 0) major = number;
      else minor = number;
      number = digits = 0;
    } else {
      const parsed = parseSemanticVersion(text);
      return parsed
        ? compareCore(parsed.major, parsed.minor, parsed.patch, version) || comparePrerelease(parsed.prerelease, version.prerelease)
        : NaN;
    }
  }
  if (part < 2 || digits === 0) return NaN;
  return compareCore(major, minor, number, version) || (version.prerelease === '' ? 0 : 1);
}

function compareCore(major: number, minor: number, patch: number, version: SemanticVersion): number {
  return major - version.major || minor - version.minor || patch - version.patch;
}

const NUMERIC = /^\d+$/;

function comparePrerelease(left: string, right: string): number {
  if (left === right) return 0;
  // A release comes after its prereleases.
  if (left === '') return 1;
  if (right === '') return -1;
  const ours = left.split('.');
  const theirs = right.split('.');
  for (const [index, our] of ours.entries()) {
    const their = theirs[index];
    if (their === undefined) return 1;
    if (our === their) continue;
    const numeric = NUMERIC.test(our);
    // Numbers come before words.
    if (numeric !== NUMERIC.test(their)) return numeric ? -1 : 1;
    return (numeric ? Number(our) > Number(their) : our > their) ? 1 : -1;
  }
  return -1;
}
