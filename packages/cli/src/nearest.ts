/**
 * The word that was most likely meant: the one with the fewest slips between, at most one for every three letters, or
 * none. Case, hyphens and underscores are no difference.
 */
export function nearest(found: string, words: Iterable<string>): string | undefined {
  if (found.length > 60) return undefined;
  const given = plain(found);
  let best: string | undefined;
  let least = Math.floor(given.length / 3) + 1;
  for (const word of words) {
    const slips = slipsBetween(given, plain(word), least);
    if (slips >= least) continue;
    least = slips;
    best = word;
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/**
 * How many letters are missing, too many, wrong, or have changed places with their neighbour: the optimal string
 * alignment distance (Damerau, 1964). Gives up above `most`.
 */
function slipsBetween(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let at = 1; at <= to.length; at++) {
      const wrong = last[at - 1]! + Number(from[row - 1] !== to[at - 1]);
      const isTurned = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      const turned = isTurned ? before[at - 2]! + 1 : Infinity;
      next.push(Math.min(wrong, turned, last[at]! + 1, next[at - 1]! + 1));
    }
    before = last;
    last = next;
  }
  return last[to.length]!;
}
