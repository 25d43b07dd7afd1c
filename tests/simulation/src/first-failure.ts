// Run by mutations.ts on a copy: says in one line of JSON when one of the invariants that are named broke first, or
// else which other did, without shrinking anything.
import { drawHistory } from './draw-history.ts';
import { effectDriver } from './drivers/effect-driver.ts';
import { simulate } from './simulate.ts';

const [seed = 1, histories = 1_000] = process.argv.slice(2, 4).map(Number);
const named = new Set(process.argv.slice(4));

let other: string | undefined;
for (let index = 0; index < histories; index++) {
  const { violation } = await simulate(drawHistory(seed + index), effectDriver);
  if (violation === undefined) continue;
  const { invariant } = violation;
  other ??= JSON.stringify({ invariant, seed: seed + index, histories: index + 1 });
  if (!named.has(invariant)) continue;
  console.log(JSON.stringify({ invariant, seed: seed + index, histories: index + 1 }));
  process.exit(0);
}
console.log(other ?? JSON.stringify({ invariant: null, histories }));
process.exit(0);
