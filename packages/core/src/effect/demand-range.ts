import { showOption } from '../adapter-kit/adapter-options.ts';

/** @throws RangeError that names what is out of its range */
export function demandRange(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw new RangeError(`${name} is ${showOption(value)}; allowed is a number from ${least} to ${most}`);
}
