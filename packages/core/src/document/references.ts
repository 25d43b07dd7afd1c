/** What a document's names refer to, and what no schema can state: called once its structure is sound. */
import type { Inspection } from './inspection.ts';
import { parseInstant } from './instant.ts';
import { parseNetwork } from './network.ts';
import { OPERATORS } from './operators.ts';
import { compilePattern } from './pattern.ts';
import type { Condition, FlagDefinition, LongFlag, Problem, Schedule, Segment, Serve } from './types.ts';

/** How deeply segments may contain segments. */
const MAX_SEGMENT_DEPTH = 32;
/**
 * What all `contains` and `matches` of a document may cost together: one for a character to look for, ten for a step of a pattern. Keeps the worst
 * evaluation of a hostile document within a fraction of a second.
 */
const MAX_SEARCH_COST = 100_000;
const SHORT_VARIANTS: ReadonlySet<string> = new Set(['on', 'off']);

interface Checked {
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly segments: Readonly<Record<string, Segment>>;
}

/** Reports dangling names, cycles and unusable operands. Adds to `asideFlags` the flags that use a segment that is set aside. */
export function checkReferences(
  { flags, segments }: Checked,
  at: Inspection,
  asideFlags: Map<string, Problem>,
  asideSegments: ReadonlyMap<string, Problem>,
): void {
  let searchCost = 0;
  /** Names of segments that the condition in hand uses. */
  let used: string[] = [];

  const instantAt = (depth: number, name: string, text: string): number => {
    const instant = parseInstant(text);
    at.step(depth, name);
    if (instant === undefined) at.report(depth, text, 'a day that its month has');
    return instant ?? NaN;
  };

  const checkCondition = (condition: Condition, depth: number): void => {
    if ('attribute' in condition) {
      const { op, value } = condition;
      const kind = OPERATORS.get(op);
      at.step(depth + 1, 'value');
      if (kind === 'instant') instantAt(depth + 1, 'value', value as string);
      else if (kind === 'networks') {
        for (const text of [value].flat()) if (parseNetwork(text as string) === undefined) at.report(depth + 1, text, 'a network like "10.0.0.0/8"');
      } else if (kind === 'pattern') {
        const pattern = compilePattern(value as string);
        if (typeof pattern === 'string') at.report(depth + 1, value, `a pattern in the linear-time subset, without ${pattern}`);
        else searchCost += pattern.cost * 10;
      } else if (op === 'contains') {
        for (const text of [value].flat()) searchCost += (text as string).length;
      } else return;
      if (searchCost > MAX_SEARCH_COST) {
        at.report(depth + 1, value, `a document whose contains and matches cost at most ${MAX_SEARCH_COST} together`);
        searchCost = 0;
      }
    } else if ('segment' in condition) {
      used.push(condition.segment);
      at.step(depth + 1, 'segment');
      if (!Object.hasOwn(segments, condition.segment)) at.report(depth + 1, condition.segment, 'the name of a segment in this document');
    } else if ('not' in condition) {
      at.step(depth + 1, 'not');
      checkCondition(condition.not, depth + 1);
    } else {
      const name = 'all' in condition ? 'all' : 'any';
      const children = 'all' in condition ? condition.all : condition.any;
      for (const [index, child] of children.entries()) {
        at.step(depth + 1, name);
        at.step(depth + 2, index);
        checkCondition(child, depth + 2);
      }
    }
  };

  // Segments, and how they contain each other
  const contained = new Map<string, readonly string[]>();
  at.step(1, 'segments');
  for (const name of Object.keys(segments)) {
    const { when } = segments[name]!;
    if (when === undefined || asideSegments.has(name)) continue;
    used = [];
    at.step(2, name);
    at.step(3, 'when');
    checkCondition(when, 3);
    if (used.length > 0) contained.set(name, used);
  }
  const depths = depthsOf(contained, (cycle) => {
    at.step(2, cycle[0]!);
    at.report(2, cycle.join(' > '), 'segments that do not contain themselves');
  });
  for (const [name, depth] of depths) {
    if (depth > MAX_SEGMENT_DEPTH) {
      at.step(2, name);
      at.report(2, `${depth} levels of segments`, `at most ${MAX_SEGMENT_DEPTH}`);
    }
  }
  const aside = new Map(asideSegments);
  if (aside.size > 0) {
    // Containers come after what they contain.
    for (const name of depths.keys()) {
      const culprit = contained.get(name)?.find((inner) => aside.has(inner));
      if (culprit !== undefined && !aside.has(name)) aside.set(name, aside.get(culprit)!);
    }
  }

  // Flags
  const checkSchedule = ({ onAt, offAt }: Schedule): void => {
    at.step(3, 'schedule');
    const on = onAt === undefined ? -Infinity : instantAt(4, 'onAt', onAt);
    const off = offAt === undefined ? Infinity : instantAt(4, 'offAt', offAt);
    if (on >= off) at.report(4, offAt, 'an instant after onAt');
  };

  const checkLong = (key: string, flag: LongFlag): void => {
    const variants = variantsOf(flag);
    const variant = (depth: number, name: string, found: string | null | undefined): void => {
      if (found === null || found === undefined || variants.has(found)) return;
      at.step(depth, name);
      at.report(depth, found, `a variant of this flag: ${[...variants].slice(0, 20).join(', ')}`);
    };
    const checkServe = (serve: Serve, depth: number, name: string): void => {
      at.step(depth, name);
      if (typeof serve === 'string' || serve === null) variant(depth, name, serve);
      else if (serve.kind === 'split') {
        at.step(depth + 1, 'variants');
        for (const [index, part] of serve.variants.entries()) {
          at.step(depth + 2, index);
          variant(depth + 3, 'variant', part.variant);
        }
      } else {
        variant(depth + 1, 'variant', serve.variant);
        variant(depth + 1, 'otherwise', serve.otherwise);
        let last = -Infinity;
        let percentage = 0;
        at.step(depth + 1, 'points');
        for (const [index, point] of serve.points.entries()) {
          at.step(depth + 2, index);
          const instant = instantAt(depth + 3, 'at', point.at);
          if (instant <= last) at.report(depth + 3, point.at, 'an instant after the point before');
          at.step(depth + 3, 'percentage');
          if (point.percentage < percentage) at.report(depth + 3, point.percentage, 'a percentage not below the point before');
          last = instant;
          percentage = point.percentage;
        }
        last = -Infinity;
        at.step(depth + 1, 'pauses');
        for (const [index, pause] of (serve.pauses ?? []).entries()) {
          at.step(depth + 2, index);
          const from = instantAt(depth + 3, 'from', pause.from);
          if (from < last) at.report(depth + 3, pause.from, 'an instant after the pause before, which must have an end');
          last = pause.until === undefined ? Infinity : instantAt(depth + 3, 'until', pause.until);
          if (last < from) at.report(depth + 3, pause.until, 'an instant not before the start of the pause');
        }
      }
    };
    variant(3, 'offVariant', flag.offVariant);
    for (const [index, target] of (flag.targets ?? []).entries()) {
      at.step(3, 'targets');
      at.step(4, index);
      variant(5, 'variant', target.variant);
    }
    used = [];
    for (const [index, rule] of (flag.rules ?? []).entries()) {
      at.step(3, 'rules');
      at.step(4, index);
      at.step(5, 'when');
      checkCondition(rule.when, 5);
      checkServe(rule.serve, 5, 'serve');
    }
    checkServe(flag.fallthrough, 3, 'fallthrough');
    for (const [index, prerequisite] of (flag.prerequisites ?? []).entries()) {
      at.step(3, 'prerequisites');
      at.step(4, index);
      at.step(5, 'flag');
      const other = Object.hasOwn(flags, prerequisite.flag) ? flags[prerequisite.flag] : undefined;
      if (other === undefined) at.report(5, prerequisite.flag, 'the key of a flag in this document');
      else if (!asideFlags.has(prerequisite.flag)) {
        const names = variantsOf(other);
        const unknown = prerequisite.variants.find((name) => !names.has(name));
        at.step(5, 'variants');
        if (unknown !== undefined) at.report(5, unknown, `variants of ${prerequisite.flag}: ${[...names].slice(0, 20).join(', ')}`);
      }
    }
    const culprit = used.find((name) => aside.has(name));
    if (culprit !== undefined) asideFlags.set(key, aside.get(culprit)!);
  };

  const awaited = new Map<string, readonly string[]>();
  at.step(1, 'flags');
  for (const key of Object.keys(flags)) {
    const flag = flags[key]!;
    if (asideFlags.has(key)) continue;
    at.step(2, key);
    if (flag.schedule !== undefined) checkSchedule(flag.schedule);
    if ('status' in flag) continue;
    checkLong(key, flag);
    if (flag.prerequisites !== undefined) awaited.set(key, flag.prerequisites.map((prerequisite) => prerequisite.flag));
  }
  depthsOf(awaited, (cycle) => {
    at.step(2, cycle[0]!);
    at.report(2, cycle.join(' > '), 'prerequisites that do not lead back to the flag');
  });
}

function variantsOf(flag: FlagDefinition): ReadonlySet<string> {
  return 'status' in flag || flag.variants === undefined ? SHORT_VARIANTS : new Set(Object.keys(flag.variants));
}

/**
 * How many levels lie below each name, in an order in which what is contained comes first. Reports the first cycle, as the names along
 * it, and then stops. With a stack of its own: any depth is safe.
 */
function depthsOf(graph: ReadonlyMap<string, readonly string[]>, onCycle: (names: readonly string[]) => void): Map<string, number> {
  const depths = new Map<string, number>();
  const path: { readonly name: string; readonly inner: readonly string[]; next: number; depth: number }[] = [];
  const onPath = new Set<string>();
  const enter = (name: string): void => {
    path.push({ name, inner: graph.get(name) ?? [], next: 0, depth: 1 });
    onPath.add(name);
  };
  for (const start of graph.keys()) {
    if (!depths.has(start)) enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const inner = top.inner[top.next++];
      if (inner === undefined) {
        path.pop();
        onPath.delete(top.name);
        depths.set(top.name, top.depth);
        const above = path[path.length - 1];
        if (above !== undefined) above.depth = Math.max(above.depth, top.depth + 1);
      } else if (onPath.has(inner)) {
        const names = path.map((one) => one.name);
        onCycle([...names.slice(names.indexOf(inner)), inner]);
        return depths;
      } else {
        const known = depths.get(inner);
        if (known === undefined) enter(inner);
        else top.depth = Math.max(top.depth, known + 1);
      }
    }
  }
  return depths;
}
