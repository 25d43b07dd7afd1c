/** How many a change gives another answer of a flag. */
export interface Impact {
  readonly flagKey: string;
  /**
   * Of what `percent` is a share: of the contexts that were given, or of hash space among those who reach `place`,
   * which is to be expected of many units.
   */
  readonly of: 'contexts' | 'hash space';
  /** Of hash space: `fallthrough`, or a rule by its id or its number from 1. */
  readonly place?: string;
  /** 0 to 100; left out where it depends on who asks, which only contexts can tell. */
  readonly percent?: number;
  /** The same in words, with what it is a share of. */
  readonly text: string;
}

/** Per cent as people read it, to a thousandth; a share of somebody is never 0. */
export function shareWords(percent: number): string {
  if (percent > 0 && percent < 0.001) return 'less than 0.001 %';
  return `${Math.round(percent * 1_000) / 1_000} %`;
}
