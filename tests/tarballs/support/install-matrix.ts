// Which installs `npm run drill -- installs` makes: chosen so that each two of a package manager, a module format, a
// resolution of TypeScript and a Node meet in one of them.

export const managers = ['npm', 'pnpm', 'Yarn', 'Bun', 'Deno'] as const;
export const formats = ['commonjs', 'modules'] as const;
export const resolutions = ['node10', 'node16', 'nodenext', 'bundler'] as const;
export const nodes = ['Node 20', 'Node 24'] as const;

export type Manager = (typeof managers)[number];
export type Format = (typeof formats)[number];
export type Resolution = (typeof resolutions)[number];
export type NodeName = (typeof nodes)[number];

export interface Install {
  readonly manager: Manager;
  /** A folder of tests/tarballs/projects. */
  readonly format: Format;
  readonly programs: readonly (readonly [compiledBy: Resolution, runBy: NodeName])[];
}

const install = (manager: Manager, format: Format, ...programs: Install['programs']): Install => ({
  manager,
  format,
  programs,
});

export const installs: readonly Install[] = [
  install('npm', 'commonjs', ['node10', 'Node 20'], ['node16', 'Node 24']),
  install('npm', 'modules', ['nodenext', 'Node 20'], ['bundler', 'Node 24']),
  install('pnpm', 'commonjs', ['nodenext', 'Node 24'], ['bundler', 'Node 20']),
  install('pnpm', 'modules', ['node10', 'Node 24'], ['node16', 'Node 20']),
  install('Yarn', 'commonjs', ['node10', 'Node 24'], ['node16', 'Node 20']),
  install('Yarn', 'modules', ['nodenext', 'Node 24'], ['bundler', 'Node 20']),
  install('Bun', 'commonjs', ['nodenext', 'Node 20'], ['bundler', 'Node 24']),
  install('Bun', 'modules', ['node10', 'Node 20'], ['node16', 'Node 24']),
  install('Deno', 'commonjs', ['node10', 'Node 20'], ['bundler', 'Node 24']),
  install('Deno', 'modules', ['nodenext', 'Node 20'], ['node16', 'Node 24']),
];

/** Pairs of two dimensions that no install holds. */
export function missingPairs(given: readonly Install[]): readonly string[] {
  const met = new Set(
    given.flatMap(({ manager, format, programs }) =>
      programs.flatMap(([resolution, node]) => pairsOf([manager, format, resolution, node])),
    ),
  );
  const dimensions: readonly (readonly string[])[] = [managers, formats, resolutions, nodes];
  const wanted = dimensions.flatMap((some, index) =>
    dimensions.slice(index + 1).flatMap((others) => some.flatMap((one) => others.map((other) => `${one} + ${other}`))),
  );
  return wanted.filter((pair) => !met.has(pair));
}

function pairsOf(values: readonly string[]): readonly string[] {
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one} + ${other}`));
}
