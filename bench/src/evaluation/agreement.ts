// Whether a subject gives the right answers. Nothing that disagrees is timed.
import { type Flag, type RolloutFlag, rolloutFlags, staticFlags, type TargetedFlag, targetedFlags } from './flag.ts';
import type { Loaded, Subject } from './subject.ts';
import { makeUsers, meets } from './user.ts';

/**
 * Peers hash in their own ways. So where a bucket decides, they are only asked for plausible shares that do not change.
 */
const SHARE_TOLERANCE = 0.03;
const ENOUGH = 4_000;

/** What is wrong, in sentences; none when all is well. */
export async function disagreements(subject: Subject): Promise<readonly string[]> {
  const wrong: string[] = [];
  const users = makeUsers(ENOUGH, { preReleases: 1 });
  const contexts = users.map((user) => subject.contextFor(user));
  const whole = targetedFlags(8, 100).map((flag): TargetedFlag => ({ ...flag, key: `whole-${flag.key}` }));
  const statics = staticFlags(100);
  const rollouts = rolloutFlags(8);
  const targeted = targetedFlags(8);
  const flags: readonly Flag[] = [...statics, ...rollouts, ...targeted, ...whole];
  const loaded = await subject.load(subject.write(flags));
  const answers = (flag: Flag): Promise<readonly boolean[]> => askAll(loaded, flag.key, contexts);

  for (const flag of statics) {
    if ((await answers(flag)).some((answer) => answer !== flag.on))
      wrong.push(`${flag.key} is not ${flag.on} for everyone`);
  }
  for (const flag of whole) {
    const found = await answers(flag);
    const at = users.findIndex((user, index) => meets(user, flag) !== found[index]);
    if (at >= 0) wrong.push(`${flag.key} is ${found[at]} for ${JSON.stringify(users[at])}: ${JSON.stringify(flag)}`);
  }
  const everyone = users.map(() => true);
  wrong.push(...(await rolledOut(rollouts, () => everyone, answers)));
  wrong.push(...(await rolledOut(targeted, (flag) => users.map((user) => meets(user, flag)), answers)));
  for (const fallback of [true, false]) {
    if ((await loaded.orElse('no-such-flag', contexts[0], fallback)) !== fallback)
      wrong.push(`an unknown flag is not ${fallback}`);
  }
  wrong.push(...(await inBulk(loaded, flags, contexts.slice(0, 20))));
  await loaded.close();
  return wrong;
}

/** What two subjects with the same hash answer differently. */
export async function differences(one: Subject, other: Subject): Promise<readonly string[]> {
  const users = makeUsers(ENOUGH, { preReleases: 1 });
  const flags = [...rolloutFlags(20), ...targetedFlags(20)];
  const [first = [], second = []] = await Promise.all(
    [one, other].map(async (subject) => {
      const loaded = await subject.load(subject.write(flags));
      const contexts = users.map((user) => subject.contextFor(user));
      const answers: (readonly boolean[])[] = [];
      for (const flag of flags) answers.push(await askAll(loaded, flag.key, contexts));
      await loaded.close();
      return answers;
    }),
  );
  return flags
    .filter((_, index) => first[index]!.some((answer, at) => answer !== second[index]![at]))
    .map(({ key }) => `${key} is dealt otherwise by the floor`);
}

async function askAll(loaded: Loaded, key: string, contexts: readonly unknown[]): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  for (const context of contexts) answers.push(await loaded.isEnabled(key, context));
  return answers;
}

/** Shares of those who can have a flag: the share that was asked for, the same at each asking, others for each flag. */
async function rolledOut<F extends RolloutFlag | TargetedFlag>(
  flags: readonly F[],
  mayHave: (flag: F) => readonly boolean[],
  answers: (flag: Flag) => Promise<readonly boolean[]>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const isFar = (found: number, asked: number): boolean => Math.abs(found - asked) > SHARE_TOLERANCE;
  let before: readonly boolean[] | undefined;
  for (const flag of flags) {
    const may = mayHave(flag);
    const found = await answers(flag);
    const again = await answers(flag);
    const asked = flag.percentage / 100;
    if (found.some((answer, index) => answer !== again[index])) wrong.push(`${flag.key} changes its answers`);
    if (found.some((answer, index) => answer && !may[index]))
      wrong.push(`${flag.key} is on for users who do not meet its conditions`);
    const share = count(found) / count(may);
    if (isFar(share, asked)) wrong.push(`${flag.key} is on for ${share} of the users, not ${asked}`);
    if (before !== undefined && flag.kind === 'rollout') {
      const both = found.filter((answer, index) => answer && before![index]).length / found.length;
      if (isFar(both, asked ** 2))
        wrong.push(`${flag.key} goes to the same users as the flag before it: ${both} have both`);
    }
    before = found;
  }
  return wrong;
}

/** Whether one call for all flags gives what a call for each flag gives. */
async function inBulk(
  loaded: Loaded,
  flags: readonly Flag[],
  contexts: readonly unknown[],
): Promise<readonly string[]> {
  for (const context of contexts) {
    const all = await loaded.all(context);
    const values = loaded.valuesIn?.(all) ?? (all as Readonly<Record<string, unknown>>);
    for (const { key } of flags) {
      if (values[key] !== (await loaded.isEnabled(key, context)))
        return [`all() says ${String(values[key])} of ${key}`];
    }
  }
  return [];
}

function count(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length;
}
