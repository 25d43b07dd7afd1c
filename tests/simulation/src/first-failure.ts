// Run by mutations.ts on a copy: says in one line of JSON which invariant broke first, without shrinking anything.
import { drawHistory } from './draw-history.ts';
import { effectDriver } from './drivers/effect-driver.ts';
import { simulate } from './simulate.ts';

const [seed = 1, histories = 1_000] = process.argv.slice(2).map(Number);

for (let index = 0; index < histories; index++) {
  const { violation } = await simulate(drawHistory(seed + index), effectDriver);
  if (violation === undefined) continue;
  console.log(JSON.stringify({ invariant: violation.invariant, seed: seed + index, histories: index + 1 }));
  process.exit(0);
}
console.log(JSON.stringify({ invariant: null, histories }));
process.exit(0);
