import type { Budget, Figures, Measure } from './measures.ts';
import { PEERS } from './subjects.ts';

export interface Verdict {
  readonly ok: boolean;
  /** What was asked and what it came to, in one line. */
  readonly text: string;
}

/** Whether a figure keeps its budget. Nothing, where what it is compared with was not measured. */
export function verdictsOn({ budgets, moreIsBetter = false }: Measure, figures: Figures): readonly Verdict[] {
  return Object.entries(budgets).flatMap(([name, budget]) => {
    const found = figures[name];
    return found === undefined ? [] : judge(name, found, budget, figures, moreIsBetter);
  });
}

function judge(
  name: string,
  found: number,
  { timesFloor, peers, atMost }: Budget,
  figures: Figures,
  moreIsBetter: boolean,
): Verdict[] {
  const verdicts: Verdict[] = [];
  const { floor } = figures;
  if (atMost !== undefined) verdicts.push({ ok: found <= atMost, text: `${name}: ${found}, at most ${atMost}` });
  if (timesFloor !== undefined && floor !== undefined) {
    const times = moreIsBetter ? floor / found : found / floor;
    verdicts.push({ ok: times <= timesFloor, text: `${name}: ${times.toFixed(2)}x the floor, at most ${timesFloor}x` });
  }
  const measured = PEERS.filter((peer) => figures[peer] !== undefined);
  if (peers !== undefined && measured.length > 0) {
    const best = measured.reduce((one, other) => (figures[other]! < figures[one]! ? other : one));
    const ok = peers === 'ahead of every one' ? found < figures[best]! : found <= figures[best]!;
    verdicts.push({ ok, text: `${name}: ${found}, the best peer ${figures[best]} (${best}), to be ${peers}` });
  }
  return verdicts;
}
