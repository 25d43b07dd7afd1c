import { describeOption, showOption } from '../../adapter-kit/adapter-options.ts';
import type { FlagValue } from '../../document/types.ts';
import type { LogLevel } from '../../refresh/protocol.ts';
import { type OverrideOptions, overrideProblem } from '../answers/overrides.ts';
import { EVENT_NAMES } from '../events/event-now.ts';
import { LOG_LEVELS } from '../events/logger.ts';
import { hookProblem } from './check-shapes.ts';
import { InvalidOptionsError, OptionReader } from './option-reader.ts';

// What the methods of a client are called with, checked. Each throws `InvalidOptionsError`.

export function checkOverride(key: string, value: FlagValue, { forMs }: OverrideOptions): void {
  const read = new OptionReader({});
  if (forMs !== undefined) read.duration({ option: 'forMs' }, forMs, 1);
  refuse([...read.problems, overrideProblem(`override ${JSON.stringify(key)}`, value)]);
}

export function checkLogLevel(level: LogLevel): void {
  const read = new OptionReader({});
  read.choice({ option: 'level' }, level, level, LOG_LEVELS);
  refuse(read.problems);
}

export function checkHook(hook: unknown): void {
  refuse([hookProblem('hook', hook)]);
}

export function checkListener(event: string, listener: unknown): void {
  if (typeof listener !== 'function') refuse([`listener is ${describeOption(listener)}; allowed is a function`]);
  if (!EVENT_NAMES.includes(event))
    refuse([`event is ${showOption(event)}; allowed is one of ${EVENT_NAMES.join(', ')}`]);
}

function refuse(problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new InvalidOptionsError(found);
}
