// Fails when a commit's subject is too long to be read in a list. Looks at the commits that the main branch does not
// have, and at the newest in any case: what has been merged can no longer be mended. Works on the history that is
// there, also in a shallow clone.
import { spawnSync } from 'node:child_process';

const LONGEST = 72;

/** What git says, or nothing where it cannot say. @param {string[]} args */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** The branch that this one is to be merged into: what CI says, or else the main branch as far as it is known here. */
const bases = [process.env.GITHUB_BASE_REF && `origin/${process.env.GITHUB_BASE_REF}`, 'origin/main', 'main'];
const base = bases.find((one) => one && git('rev-parse', '--verify', '--quiet', `${one}^{commit}`) !== undefined);

const newest = git('log', '--no-merges', '-1', '--format=%h %s');
if (newest === undefined) {
  console.log('No history is here, so no subjects are.');
} else {
  const ahead = (base && git('log', '--no-merges', '--format=%h %s', `${base}..HEAD`)) || '';
  const commits = [...new Set([...ahead.split('\n'), newest])].filter((line) => line !== '');
  const wrong = commits.filter((line) => line.slice(line.indexOf(' ') + 1).length > LONGEST);
  for (const line of wrong) {
    const length = line.length - line.indexOf(' ') - 1;
    console.log(
      `${line}\n  is ${length} characters long; allowed is ${LONGEST}. Say one change, and why in the body: git commit --amend, git rebase -i.`,
    );
  }
  if (wrong.length === 0) console.log(`${commits.length} subjects are short enough.`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
