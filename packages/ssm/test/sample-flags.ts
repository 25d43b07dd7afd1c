/** Documents of a size, with flags as teams write them. */

/** `count` flags in the long form, about 270 bytes each. */
export function manyFlags(count: number, seed = 0): string {
  const flags = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `team-${n % 17}.feature-${n}-${((n + 1) * 2_654_435_761 + seed) % 100_000}`,
      {
        type: 'string',
        description: `Rollout number ${n} of team ${n % 17}, ticket FLAG-${(n * 7_919 + seed) % 100_000}`,
        enabled: n % 3 !== 0,
        variants: { on: `variant-${(n * 31) % 1_000}`, off: 'control' },
        offVariant: 'off',
        rules: [
          {
            when: { attribute: 'country', op: 'in', value: ['DE', 'FR', 'ES'].slice(0, 1 + (n % 3)) },
            serve: {
              kind: 'split',
              variants: [
                { variant: 'on', weight: (n * 13) % 100 },
                { variant: 'off', weight: 100 - ((n * 13) % 100) },
              ],
            },
          },
        ],
        fallthrough: 'off',
      },
    ]),
  );
  return JSON.stringify({ schemaVersion: 1, flags });
}

/** A small document that compression hardly makes smaller: it takes several chunks. */
export function denseDocument(n: number, characters: number): string {
  let state = n + 1;
  let noise = '';
  while (noise.length < characters) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise += state.toString(36);
  }
  return JSON.stringify({ schemaVersion: 1, flags: { counter: { status: 'enabled', metadata: { n, noise } } } });
}
