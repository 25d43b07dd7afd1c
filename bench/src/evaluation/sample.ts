// One sample: one subject under one workload, in a process of its own. `node sample.ts <workload> <subject>` prints it
// as JSON.
import { allocatedBytesPerCall } from '../allocated-bytes.ts';
import { differences, disagreements } from './agreement.ts';
import { baseline } from './baseline.ts';
import { type Flag, mixedFlags, rolloutFlags, staticFlags, targetedFlags } from './flag.ts';
import { loadSample } from './load.ts';
import type { Loaded, Subject } from './subject.ts';
import { loadSubject, type SubjectName } from './subjects.ts';
import { compare, type Timing, warmUp, type Work } from './timing.ts';
import { makeUsers } from './user.ts';

const USERS = 10_000;
const FLAGS = 100;

/** Which flags are loaded, and which keys are asked for. */
const QUESTIONS: Readonly<Record<string, { readonly flags: readonly Flag[]; readonly keys?: readonly string[] }>> = {
  static: { flags: staticFlags(FLAGS) },
  rollout: { flags: rolloutFlags(FLAGS) },
  targeting: { flags: targetedFlags(FLAGS) },
  unknown: { flags: rolloutFlags(FLAGS), keys: Array.from({ length: FLAGS }, (_, number) => `unknown-${number}`) },
};

async function takeSample(workload: string, subject: Subject): Promise<unknown> {
  switch (workload) {
    case 'agreement':
      return disagreements(subject);
    case 'dealing':
      return differences(await loadSubject('ours'), subject);
    case 'all':
      return timeAll(subject);
    case 'bytes':
      return bytesOfCall(subject);
    case 'load':
      return loadSample(subject);
    default:
      return timeCalls(workload, subject);
  }
}

async function timeCalls(workload: string, subject: Subject): Promise<Timing> {
  const { loaded, keys, contexts } = await prepare(workload, subject);
  const timing = await compare(await asking(loaded, keys, contexts), await baselineWork());
  await loaded.close();
  return timing;
}

async function timeAll(subject: Subject): Promise<Timing> {
  const loaded = await subject.load(subject.write(mixedFlags(1_000)));
  const contexts = makeUsers(USERS).map((user) => subject.contextFor(user));
  let next = 0;
  const context = (): unknown => contexts[next++ % contexts.length];
  const isAsync = loaded.all(contexts[0]) instanceof Promise;
  const timing = await compare(
    isAsync
      ? async (times) => {
          for (let time = 0; time < times; time++) await loaded.all(context());
        }
      : (times) => {
          for (let time = 0; time < times; time++) loaded.all(context());
        },
    await baselineWork(),
  );
  await loaded.close();
  return timing;
}

/** Bytes allocated by one call, once the code is warm. */
async function bytesOfCall(subject: Subject): Promise<number> {
  const { loaded, keys, contexts } = await prepare('rollout', subject);
  const work = await asking(loaded, keys, contexts);
  const calls = 20 * (await warmUp(work));
  await work(calls);
  const bytes = await allocatedBytesPerCall(work, calls);
  await loaded.close();
  return bytes;
}

async function prepare(
  workload: string,
  subject: Subject,
): Promise<{ loaded: Loaded; keys: readonly string[]; contexts: readonly unknown[] }> {
  const question = QUESTIONS[workload];
  if (question === undefined) throw new Error(`There is no workload ${workload}.`);
  const loaded = await subject.load(subject.write(question.flags));
  // Through text, as keys and contexts of real requests come: flat strings, and objects of one shape.
  const keys = JSON.parse(JSON.stringify(question.keys ?? question.flags.map(({ key }) => key))) as string[];
  const contexts = makeUsers(USERS).map((user) => subject.contextFor(JSON.parse(JSON.stringify(user))));
  return { loaded, keys, contexts };
}

async function asking(loaded: Loaded, keys: readonly string[], contexts: readonly unknown[]): Promise<Work> {
  const { askEach, awaitEach } = await ownLoops('subject');
  const isAsync = loaded.isEnabled(keys[0]!, contexts[0]) instanceof Promise;
  const isEnabled = (key: string, context: unknown): unknown => loaded.isEnabled(key, context);
  return isAsync
    ? (calls) => awaitEach(isEnabled, keys, contexts, calls)
    : (calls) => askEach(isEnabled, keys, contexts, calls);
}

async function baselineWork(): Promise<Work> {
  const { askEach } = await ownLoops('baseline');
  const flags = rolloutFlags(FLAGS);
  const keys = JSON.parse(JSON.stringify(flags.map(({ key }) => key))) as string[];
  const users = JSON.parse(JSON.stringify(makeUsers(USERS))) as unknown[];
  const isEnabled = baseline(flags);
  return (calls) => askEach(isEnabled, keys, users, calls);
}

function ownLoops(name: string): Promise<typeof import('./ask.ts')> {
  return import(`./ask.ts?${name}`) as Promise<typeof import('./ask.ts')>;
}

const [workload = '', name = ''] = process.argv.slice(2);
const sample = await takeSample(workload, await loadSubject(name as SubjectName));
process.stdout.write(JSON.stringify(sample), () => process.exit());
