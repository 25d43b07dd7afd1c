// Prints what the measure of allocated bytes sees of an object of two numbers (`some`) or of nothing (`none`): `node
// allocation-probe.ts some|none`.
import { allocatedBytesPerCall } from './allocated-bytes.ts';

/** Kept, so that no compiler leaves out what nobody reads. */
const kept: { value?: unknown } = {};

const work = (times: number): void => {
  for (let time = 0; time < times; time += 1)
    kept.value = process.argv[2] === 'some' ? { one: time, other: time } : time & 1;
};
for (let turn = 0; turn < 20; turn += 1) work(10_000);
console.log(await allocatedBytesPerCall(work, 100_000));
