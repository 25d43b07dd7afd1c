import { compareRevisions, isCounted, type Revision } from '@clarity/flags-core/ports';
import type { Checklist } from './checklist.ts';
import { EVENTUALLY_MS, expectThat, never, settle, within } from './expectations.ts';
import type { PublisherUnderTest } from './harness.ts';
import { sampleDocument } from './sample-document.ts';

/** What publishers promise of a store that loses what it confirmed (F90). */
export function addPublisherLosses(list: Checklist<PublisherUnderTest>): void {
  list.add('F90 every publication takes a higher epoch, where the store counts', async ({ publisher }) => {
    const first = await wait(publisher.publish(sampleDocument(1), 'absent', never()));
    const second = await wait(publisher.publish(sampleDocument(2), first, never()));
    const third = await wait(publisher.restore(sampleDocument(3), never()));
    const revisions = [first, second, third, await wait(publisher.publish(sampleDocument(4), third, never()))];
    const epochs = revisions.filter(isCounted).map(({ epoch }) => epoch);
    const rises = epochs.every((epoch, n) => n === 0 || epoch > (epochs[n - 1] ?? 0));
    expectThat(rises, `the epochs of four publications are ${epochs.join(', ')} and should rise`);
  });

  list.add('F90 what is published after the store lost its last publications is newer than those', async (opened) => {
    const { publisher, another, snapshot, stored } = opened;
    expectThat(
      snapshot !== undefined,
      'the harness has no snapshot; give one, or declare this check as a deviation, with the reason why nobody can put the store back',
    );
    const first = await wait(publisher.publish(sampleDocument(1), 'absent', never()));
    const putBack = await snapshot();
    let lost: Revision = first;
    for (let n = 2; n <= 5; n += 1) lost = await wait(publisher.publish(sampleDocument(n), lost, never()));
    await putBack();
    const held = await stored();
    expectThat(held?.text === sampleDocument(1), 'the harness did not put the store back');
    // Several publications within a millisecond are ahead of the clock by as many.
    while (isCounted(lost) && lost.epoch >= Date.now()) await settle();
    // One that was not there, and one that was.
    const other = await another();
    const next = await wait(other.publish(sampleDocument(6), held.revision, never()));
    await other.close();
    const last = await wait(publisher.publish(sampleDocument(7), next, never()));
    for (const revision of [next, last]) {
      const order = compareRevisions(revision, lost);
      expectThat(order === (isCounted(revision) ? 'newer' : 'different'), `what was published then is ${order}`);
    }
  });
}

function wait<T>(call: Promise<T>): Promise<T> {
  return within(EVENTUALLY_MS, 'the end of a publication', call);
}
