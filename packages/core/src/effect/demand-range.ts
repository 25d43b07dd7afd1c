/** @throws RangeError that names what is out of its range */
export function demandRange(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw new RangeError(`${name}: found ${String(value)}; allowed is a number from ${least} to ${most}`);
}
