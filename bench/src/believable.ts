/** A figure that cannot be true: the run that made it fails, and prints none. */
export class UnbelievableFigure extends Error {
  override readonly name = 'UnbelievableFigure';
}

/**
 * The same results, of any shape, once each figure in them was looked at.
 *
 * @throws UnbelievableFigure for one that is not a finite number
 */
export function believable<Results>(results: Results, path = ''): Results {
  if (typeof results === 'object' && results !== null) {
    for (const [name, member] of Object.entries(results)) believable(member, path === '' ? name : `${path}.${name}`);
  } else if (results === undefined || (typeof results === 'number' && !Number.isFinite(results))) {
    throw new UnbelievableFigure(
      `${path} is ${String(results)}, which is not a figure: what was to be measured was not there`,
    );
  }
  return results;
}

/**
 * The same figures of several subjects, once they were looked at.
 *
 * @throws UnbelievableFigure for one that is not a finite number, and when all of several subjects have 0, since then
 * nothing was measured
 */
export function believableOfEach<Figures extends Readonly<Record<string, number>>>(
  what: string,
  figures: Figures,
): Figures {
  believable(figures, what);
  const all = Object.values(figures);
  if (all.length > 1 && all.every((figure) => figure === 0)) {
    throw new UnbelievableFigure(`${what} is 0 for each of ${all.length} subjects: nothing was measured`);
  }
  return figures;
}
