// What is measured, how samples become one figure, and what ours may cost.
import type { LoadSample } from './load.ts';
import { PEERS, SUBJECTS } from './subjects.ts';
import { median, type Timing } from './timing.ts';

/** Figures by subject. */
export type Figures = Readonly<Record<string, number>>;

/** What ours must reach. Several may be given; all must hold. */
export interface Budget {
  /** At most so many times the floor's figure (of speeds: of the time that they stand for). */
  readonly timesFloor?: number;
  readonly peers?: 'ahead of every one' | 'not behind the best';
  /** For a figure of its own. */
  readonly atMost?: number;
}

export interface Measure {
  /** Its name in the results. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly moreIsBetter?: boolean;
  /** Which sample it is taken from: see sample.ts. */
  readonly workload: string;
  readonly subjects: readonly string[];
  readonly budgets: Readonly<Record<string, Budget>>;
  /** One figure of all samples of each subject. */
  reduce(samples: Readonly<Record<string, readonly unknown[]>>): Figures;
}

const LOADING = SUBJECTS.filter((name) => name !== 'floor');

export const MEASURES: readonly Measure[] = [
  byBaseline('static', 'a static flag', { timesFloor: 2, peers: 'ahead of every one' }),
  byBaseline('rollout', 'a rollout of 50%', { timesFloor: 1.6 }),
  byBaseline('targeting', 'country list + semver + e-mail suffix, then 30%', { timesFloor: 1.9 }),
  byBaseline('unknown', 'an unknown flag', { timesFloor: 2, peers: 'not behind the best' }),
  {
    name: 'all',
    title: 'all 1,000 flags for a user',
    unit: 'users a CPU-second',
    moreIsBetter: true,
    workload: 'all',
    subjects: SUBJECTS,
    budgets: { ours: { timesFloor: 1.6 } },
    // By the baseline of the same process, which noise slows as much; then back to time by the baseline of all of them.
    reduce(samples) {
      const baselineUs = median(
        Object.values(samples).flatMap((timings) => timings.map((timing) => (timing as Timing).baselineUs)),
      );
      return figures(samples, (timing: Timing) => 1e6 / (timing.ratio * baselineUs));
    },
  },
  {
    name: 'bytes',
    title: 'allocated by isEnabled with a rollout',
    unit: 'bytes',
    workload: 'bytes',
    subjects: SUBJECTS,
    budgets: { ours: { atMost: 0 } },
    // The engine's own bookkeeping shows as a thousandth of a byte for each call.
    reduce: (samples) => figures(samples, (bytes: number) => Math.round(bytes * 10) / 10),
  },
  {
    name: 'load',
    title: 'load 10,000 flags',
    unit: 'of JSON.parse of the text',
    workload: 'load',
    subjects: LOADING,
    budgets: { ours: { atMost: 2.5 } },
    reduce: (samples) => figures(samples, (sample: LoadSample) => sample.ratio),
  },
  {
    name: 'block',
    title: 'longest block of the event loop by that load, JSON.parse apart',
    unit: 'ms of CPU',
    workload: 'load',
    subjects: LOADING,
    budgets: { ours: { atMost: 16 } },
    reduce: (samples) => figures(samples, (sample: LoadSample) => sample.blockMs),
  },
  {
    name: 'import',
    title: 'import in a fresh process',
    unit: 'ms of CPU',
    workload: 'import',
    subjects: ['ours', 'ours ./evaluation', 'ours ./edge', ...PEERS],
    budgets: {
      ours: { atMost: 14, peers: 'not behind the best' },
      'ours ./evaluation': { atMost: 3 },
      'ours ./edge': { atMost: 5 },
    },
    reduce(samples) {
      const { nothing = [], ...modules } = samples as Readonly<Record<string, readonly number[]>>;
      return figures(modules, (us: number) => Math.max(0, us - median(nothing)) / 1_000);
    },
  },
];

function byBaseline(name: string, title: string, budget: Budget): Measure {
  return {
    name,
    title,
    unit: 'of the baseline',
    workload: name,
    subjects: SUBJECTS,
    budgets: { ours: budget },
    reduce: (samples) => figures(samples, (timing: Timing) => timing.ratio),
  };
}

/** The median for each subject. */
function figures<Sample>(
  samples: Readonly<Record<string, readonly unknown[]>>,
  figureOf: (sample: Sample) => number,
): Figures {
  return Object.fromEntries(
    Object.entries(samples).map(([subject, taken]) => [
      subject,
      rounded(median(taken.map((sample) => figureOf(sample as Sample)))),
    ]),
  );
}

/** To three digits, or whole. */
function rounded(figure: number): number {
  return Math.abs(figure) >= 100 ? Math.round(figure) : Number(figure.toPrecision(3));
}
