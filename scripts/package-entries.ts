import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface PackageEntry {
  /** What users import, such as `@clarity/flags-core/ports`. */
  readonly specifier: string;
  /** The source behind it, from the package's folder on, such as `src/ports.ts`. */
  readonly source: string;
}

/**
 * The entry points that a package's own "exports" name, so that build, tests and unused-code check cannot drift from
 * it. Sub-paths that are plain files, such as `./package.json`, are left out.
 */
export function packageEntries(folder: string): readonly PackageEntry[] {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'object'
      ? [{ specifier: name + path.slice(1), source: target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts') }]
      : [],
  );
}

/**
 * The packages, as folders from the root on. A folder without a package.json is not a package (another branch left
 * behind).
 */
export function packageFolders(): readonly string[] {
  return readdirSync('packages')
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

/** The packages that users install: all but the private ones, which are bundled into others. */
export function publishedFolders(): readonly string[] {
  return packageFolders().filter((folder) => {
    const { private: isPrivate = false } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      private?: boolean;
    };
    return !isPrivate;
  });
}
