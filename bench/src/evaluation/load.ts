// Loading 10,000 flags: from text to answers, with the checks that the subject makes.
import { mixedFlags } from './flag.ts';
import type { Subject } from './subject.ts';
import { cpuUs, median } from './timing.ts';

export interface LoadSample {
  /** CPU time by that of JSON.parse of the same text. */
  readonly ratio: number;
  /** The longest time that the event loop stood still, as CPU time of the thread, without JSON.parse. */
  readonly blockMs: number;
  readonly parseMs: number;
  /** The very first load of the process, before the engine has optimised anything, by JSON.parse. */
  readonly firstRatio: number;
  readonly textBytes: number;
}

const FLAGS = 10_000;
/** Those that take longer than this get fewer rounds. */
const LONG_US = 200_000;

export async function loadSample(subject: Subject): Promise<LoadSample> {
  const text = subject.write(mixedFlags(FLAGS));
  // A different text each time, of the same length, so that nobody recognises it.
  let round = 0;
  const other = (): string => text.replace('"static-0"', `"static-${String.fromCharCode(65 + (round++ % 26))}"`);
  const running = await subject.load(subject.write(mixedFlags(3)));
  const load = async (): Promise<void> => {
    if (running.reload !== undefined) await running.reload(other());
    else await (await subject.load(other())).close();
  };
  const parse = (): unknown => JSON.parse(other());

  const firstUs = await cpuUs(load, 1);
  const [warmUp, rounds] = firstUs < LONG_US ? [3, 9] : [1, 3];
  for (let time = 0; time < warmUp; time++) {
    parse();
    await load();
  }
  const ratios: number[] = [];
  const parses: number[] = [];
  const blocks: number[] = [];
  for (let time = 0; time < rounds; time++) {
    const parseUs = await cpuUs(parse, 1);
    const loadUs = await cpuUs(load, 1);
    const blockUs = await longestBlockUs(load);
    ratios.push(loadUs / parseUs);
    parses.push(parseUs / 1_000);
    blocks.push(blockUs / 1_000);
  }
  const parseMs = median(parses);
  const firstRatio = firstUs / 1_000 / parseMs;
  await running.close();
  return {
    ratio: median(ratios),
    blockMs: Math.max(0, median(blocks) - parseMs),
    parseMs,
    firstRatio,
    textBytes: Buffer.byteLength(text),
  };
}

/** The longest turn of the event loop while something runs, in microseconds of the thread's CPU time. */
async function longestBlockUs(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let running = true;
  let start = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(start);
    longest = Math.max(longest, user + system);
    start = process.threadCpuUsage();
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await new Promise((resolve) => setImmediate(resolve));
  longest = 0;
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  running = false;
  return longest;
}
