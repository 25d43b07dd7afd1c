import type { RoutePath } from './routes.ts';

// Only what no URL parser, proxy or router rewrites, so that there is one spelling for each. The last segment may be
// empty: a slash at the end.
const PATTERN = /^(?=\/)(?:\/(?:[\w~-][\w.~-]*|\{[a-z]\w*\}))*\/?$/i;

/** One step into the paths: which segments lead on from here, and the path that ends here. */
interface Crossing<Path> {
  readonly fixed: Map<string, Crossing<Path>>;
  any: Crossing<Path> | undefined;
  end: Path | undefined;
}

export interface FoundPath<Path> {
  readonly path: Path;
  /** By the names that the path's own pattern has. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds a path by how it was typed. A fixed segment goes before a parameter, from left to right. */
export type PathTable<Path> = (typed: string) => FoundPath<Path> | undefined;

/**
 * The paths by their patterns.
 *
 * @throws {TypeError} when a pattern is not one that every spelling of can be told apart, or two are the same but for
 * names.
 */
export function pathTable<Path extends Pick<RoutePath<string>, 'pattern'>>(paths: readonly Path[]): PathTable<Path> {
  const root = crossing<Path>();
  for (const path of paths) {
    if (!PATTERN.test(path.pattern)) {
      throw new TypeError(
        `the pattern of a route is ${JSON.stringify(path.pattern)}; allowed is a path of segments with a slash before each, ` +
          "of letters, digits, '-', '_', '.' and '~', or of one {name}, such as '/flags/{key}'",
      );
    }
    const names = path.pattern.split('/').flatMap((segment) => nameIn(segment) ?? []);
    if (new Set(names).size < names.length) {
      throw new TypeError(`the pattern ${path.pattern} has one name twice: give each segment a name of its own`);
    }
    let here = root;
    for (const segment of path.pattern.split('/'))
      here = nameIn(segment) === undefined ? fixed(here, segment) : any(here);
    if (here.end !== undefined) {
      throw new TypeError(
        `two routes answer the same path, ${here.end.pattern} and ${path.pattern}: give them different ones`,
      );
    }
    here.end = path;
  }
  return (typed) => {
    const segments = typed.split('/');
    const path = walk(root, segments, 0);
    return path === undefined ? undefined : { path, parameters: parametersOf(path.pattern, segments) };
  };
}

function crossing<Path>(): Crossing<Path> {
  return { fixed: new Map(), any: undefined, end: undefined };
}

function fixed<Path>(from: Crossing<Path>, segment: string): Crossing<Path> {
  const next = from.fixed.get(segment) ?? crossing<Path>();
  from.fixed.set(segment, next);
  return next;
}

function any<Path>(from: Crossing<Path>): Crossing<Path> {
  from.any ??= crossing<Path>();
  return from.any;
}

function walk<Path>(here: Crossing<Path>, segments: readonly string[], at: number): Path | undefined {
  const segment = segments[at];
  if (segment === undefined) return here.end;
  const straight = here.fixed.get(segment);
  const found = straight === undefined ? undefined : walk(straight, segments, at + 1);
  if (found !== undefined || here.any === undefined || decoded(segment) === undefined) return found;
  return walk(here.any, segments, at + 1);
}

function parametersOf(pattern: string, segments: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pattern.split('/').flatMap((part, at) => {
      const name = nameIn(part);
      return name === undefined ? [] : [[name, decoded(segments[at] ?? '') ?? '']];
    }),
  );
}

function nameIn(segment: string): string | undefined {
  return segment.startsWith('{') ? segment.slice(1, -1) : undefined;
}

/**
 * What a segment says, where it is spelled as `encodeURIComponent` spells that; undefined for every other spelling, so
 * that each text has one. `.` and `..` say nothing, however they are spelled: URL parsers take them for steps in the
 * path.
 */
function decoded(segment: string): string | undefined {
  if (segment === '' || segment === '.' || segment === '..') return undefined;
  try {
    const text = decodeURIComponent(segment);
    return encodeURIComponent(text) === segment ? text : undefined;
  } catch {
    return undefined;
  }
}
