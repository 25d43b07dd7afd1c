import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { printableLine } from '@clarity/flags-core/adapter-kit';
import type { PublicationNote } from '@clarity/flags-core/ports';
import type { Call } from '../verb.ts';
import type { Compared } from './differences.ts';

/** What is said of a publication in the history of its store. */
export interface NoteOptions {
  readonly comment?: string;
  readonly actor?: string;
}

/** The note of a publication: who, why, and the flags that differ. */
export async function noteOf(
  { options: { comment, actor } }: Call<NoteOptions>,
  differences: Compared['differences'] | null,
  instructions?: readonly unknown[],
): Promise<PublicationNote> {
  const flags = (differences ?? []).flatMap(({ of, key }) => (of === 'flag' ? [key] : []));
  return {
    actor: actor ?? (await whoeverThisIs()),
    via: 'cli',
    ...(comment !== undefined && { comment }),
    ...(flags.length > 0 && { flags }),
    ...(instructions !== undefined && { instructions }),
  };
}

const GIT_MS = 2_000;
const MOST_CHARACTERS = 200;

/** What Git says of this user, or else the system. It is a claim: nobody has checked it. */
async function whoeverThisIs(): Promise<string> {
  for (const asked of ['user.email', 'user.name']) {
    const said = await gitSays(asked);
    if (said !== '') return said;
  }
  try {
    return userInfo().username || 'unknown';
  } catch {
    // A user without a name, as in some containers.
    return 'unknown';
  }
}

async function gitSays(setting: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['config', setting], { timeout: GIT_MS });
    return printableLine(stdout.trim()).slice(0, MOST_CHARACTERS);
  } catch {
    // No Git, or nothing set.
    return '';
  }
}
