/** Semantic versions 2.0.0 (semver.org): three numbers of at most 15 digits, prerelease, build. */
export interface SemanticVersion {
  readonly core: readonly number[];
  /** Dot-separated identifiers after the hyphen; empty for a release. */
  readonly prerelease: string;
}

const NUMBER = '(0|[1-9]\\d{0,14})';
const IDENTIFIERS = '((?:N|\\d*[a-zA-Z-][\\da-zA-Z-]*)(?:\\.(?:N|\\d*[a-zA-Z-][\\da-zA-Z-]*))*)'.replaceAll(
  'N',
  NUMBER.replace('(', '(?:'),
);
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${IDENTIFIERS})?(?:\\+[\\da-zA-Z-]+(?:\\.[\\da-zA-Z-]+)*)?$`,
);

export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const parts = VERSION.exec(text);
  return parts ? { core: parts.slice(1, 4).map(Number), prerelease: parts[4] ?? '' } : undefined;
}

/**
 * The precedence of `text` against `version` by semver.org section 11: negative, zero or positive; NaN when `text` is no version. A release
 * is compared without allocating.
 */
export function compareSemanticVersion(text: string, { core, prerelease }: SemanticVersion): number {
  let order = 0;
  let part = 0;
  let number = 0;
  let digits = 0;
  for (let index = 0; index <= text.length; index++) {
    const digit = index === text.length ? -2 : text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) {
      // A leading zero, or more digits than are exact.
      if ((digits === 1 && number === 0) || digits === 15) return NaN;
      number = number * 10 + digit;
      digits++;
    } else {
      // A dot after each of the first two numbers, the end after the third. Anything else takes the long way.
      if (digits === 0 || digit !== -2 || (part === 2) !== (index === text.length))
        return compareParsed(parseSemanticVersion(text), core, prerelease);
      const difference = number - core[part++]!;
      if (order === 0) order = difference;
      number = digits = 0;
    }
  }
  return order || (prerelease === '' ? 0 : 1);
}

function compareParsed(version: SemanticVersion | undefined, core: readonly number[], prerelease: string): number {
  if (version === undefined) return NaN;
  for (const [index, number] of version.core.entries()) {
    if (number !== core[index]) return number - core[index]!;
  }
  // A release comes after its prereleases.
  if (version.prerelease === '' || prerelease === '') return prerelease.length - version.prerelease.length;
  const theirs = prerelease.split('.');
  const ours = version.prerelease.split('.');
  for (const [index, our] of ours.entries()) {
    const their = theirs[index];
    if (their === undefined) return 1;
    if (our === their) continue;
    // Numbers come before words.
    const [left, right] = [our, their].map((one) => (/\D/.test(one) ? Infinity : Number(one))) as [number, number];
    return left === right ? (our > their ? 1 : -1) : left - right;
  }
  return ours.length - theirs.length;
}
