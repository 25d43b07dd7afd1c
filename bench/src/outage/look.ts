/** What was seen of a client in one second. */
export interface Look {
  /** What it said of itself. */
  readonly says: string;
  /** What it answered for a flag that is on for everybody. */
  readonly on: boolean;
  /** Lines at warn and above that it wrote since the look before. */
  readonly lines: number;
}

/** What a client said for a while, in seconds since the beginning. */
export interface Span {
  readonly says: string;
  readonly fromS: number;
  readonly untilS: number;
}

/** All that was seen of one client. */
export interface Account {
  readonly name: string;
  readonly spans: readonly Span[];
  /** The seconds in which it wrote to the log, and how many lines. */
  readonly lines: readonly { readonly atS: number; readonly count: number }[];
  /** Whether the answer stayed right all the time. */
  readonly alwaysOn: boolean;
}

/** Puts together looks that were taken once a second. */
export function accountOf(name: string, looks: readonly Look[]): Account {
  const spans: Span[] = [];
  looks.forEach(({ says }, second) => {
    const last = spans.at(-1);
    if (last?.says === says) spans[spans.length - 1] = { ...last, untilS: second + 1 };
    else spans.push({ says, fromS: second, untilS: second + 1 });
  });
  return {
    name,
    spans,
    lines: looks.flatMap(({ lines }, atS) => (lines === 0 ? [] : [{ atS, count: lines }])),
    alwaysOn: looks.every(({ on }) => on),
  };
}
