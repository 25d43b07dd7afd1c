// npm run simulate -- --seed 1 --histories 1000 [--driver effect]
import { parseArgs } from 'node:util';
import { runSeed } from '../../scripts/drawn-tests.ts';
import type { DriverKind } from './src/drivers/driver.ts';
import { DEFAULT_DRIVER, DRIVERS } from './src/drivers/drivers.ts';
import { runHistories } from './src/run-histories.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(runSeed('full')) },
    histories: { type: 'string', default: '1000' },
    driver: { type: 'string', default: DEFAULT_DRIVER.name },
  },
});

const seed = wholeNumber('seed', values.seed);
const histories = wholeNumber('histories', values.histories);
const driver = driverNamed(values.driver);

console.log(`simulating ${histories} histories from seed ${seed} with the ${driver.name} driver`);
const beganMs = performance.now();
const { failure, steps, cut } = await runHistories({
  seed,
  histories,
  driver,
  progress: (done) => {
    if (done % 1_000 === 0 && done < histories) console.log(`  ${done} histories, ${secondsSince(beganMs)}`);
  },
});
if (failure === undefined) {
  const cutShort = cut === 0 ? '' : `; ${cut} were cut short, since they had too many steps`;
  console.log(`every invariant held in ${histories} histories of ${steps} steps, ${secondsSince(beganMs)}${cutShort}`);
} else {
  console.log(`\n${failure.report}`);
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  refuse(`--${name} is ${JSON.stringify(text)}; allowed is a whole number from 0`);
}

function driverNamed(name: string): DriverKind {
  const driver = Object.hasOwn(DRIVERS, name) ? DRIVERS[name] : undefined;
  return driver ?? refuse(`--driver is ${JSON.stringify(name)}; allowed is ${Object.keys(DRIVERS).join(', ')}`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function secondsSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
