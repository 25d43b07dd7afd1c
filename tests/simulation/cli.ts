// npm run simulate -- --seed 1 --histories 1000 [--driver effect] [--keep-going]
import { parseArgs } from 'node:util';
import { runHistories } from './src/run-histories.ts';
import { type DriverName, DRIVERS } from './src/simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    histories: { type: 'string', default: '1000' },
    driver: { type: 'string', default: 'effect' },
  },
});

const seed = wholeNumber('seed', values.seed);
const histories = wholeNumber('histories', values.histories);
const driver = driverNamed(values.driver);

console.log(`simulating ${histories} histories from seed ${seed} (${driver} driver)`);
const beganMs = performance.now();
const result = await runHistories({
  seed,
  histories,
  driver,
  progress: (done) => {
    if (done % 1_000 === 0) console.log(`  ${done} histories, ${secondsSince(beganMs)}`);
  },
});
if (result.failure !== undefined) {
  console.log(`\n${result.failure.report}`);
  process.exitCode = 1;
} else {
  const cut = result.cut === 0 ? '' : `; ${result.cut} were cut short for their length`;
  console.log(`every invariant held in ${result.histories} histories, ${result.steps} steps, ${secondsSince(beganMs)}${cut}`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name}: found ${JSON.stringify(text)}; allowed is a whole number from 0`);
  process.exit(2);
}

function driverNamed(name: string): DriverName {
  if (Object.hasOwn(DRIVERS, name)) return name as DriverName;
  console.error(`--driver: found ${JSON.stringify(name)}; allowed is ${Object.keys(DRIVERS).join(', ')}`);
  process.exit(2);
}

function secondsSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
