/** 100 flags of each kind, every one on for half of the users; `plain`, with one comparison, for all. */
export type Kind = 'plain' | 'rollout' | 'weights' | 'ranges' | 'bucket' | 'experiment' | 'asked' | 'asking';

const FLAGS = 100;

interface Documented {
  readonly document: object;
  /** The flags to ask about. */
  readonly keys: readonly string[];
}

export function documentOf(kind: Kind): Documented {
  const keys = Array.from({ length: FLAGS }, (_, index) => `flag-${index}`);
  const flags: Record<string, object> = Object.fromEntries(keys.map((key) => [key, definitionOf(kind, key)]));
  // One that asks, and one that is asked, each.
  if (kind === 'asking') for (const key of keys) flags[`${key}-asked`] = definitionOf('asked', `${key}-asked`);
  const layers = Object.fromEntries(keys.map((key) => [`layer-${key}`, { slots: { [key]: [[0, 100_000]] } }]));
  return { document: { schemaVersion: 1, flags, ...(kind === 'experiment' && { layers }) }, keys };
}

const TEN = Array.from({ length: 10 }, (_, index) => index);

function definitionOf(kind: Kind, key: string): object {
  switch (kind) {
    case 'plain':
      return { ...serving('off'), rules: [{ when: { attribute: 'country', op: 'exists' }, serve: 'on' }] };
    case 'rollout':
      return serving({ kind: 'split', variants: [weight('on', 50), weight('off', 50)] });
    case 'weights':
      return serving({ kind: 'split', variants: TEN.map((index) => weight(index % 2 === 0 ? 'on' : 'off', 10)) });
    case 'ranges':
      return serving(ranges());
    case 'experiment':
      return serving({ ...ranges(), experiment: { id: key, phase: 1 }, layer: `layer-${key}` });
    case 'bucket':
    case 'asked':
      return { ...serving('off'), rules: [{ when: { bucket: { salt: key, from: 0, to: 50_000 } }, serve: 'on' }] };
    case 'asking':
      return { ...serving('off'), rules: [{ when: { flag: `${key}-asked`, variants: ['on'] }, serve: 'on' }] };
  }
}

function serving(fallthrough: object | string): object {
  return { type: 'boolean', fallthrough };
}

function weight(variant: string, of: number): object {
  return { variant, weight: of };
}

/** Ten ranges of a tenth each. */
function ranges(): object {
  const of = (odd: number): number[][] =>
    TEN.filter((index) => index % 2 === odd).map((index) => [10_000 * index, 10_000 * (index + 1)]);
  return {
    kind: 'split',
    variants: [
      { variant: 'on', ranges: of(0) },
      { variant: 'off', ranges: of(1) },
    ],
    otherwise: 'off',
  };
}
