import { isStoreError, type Revision } from '@clarity/flags-core/ports';
import type { Checklist } from './checklist.ts';
import { expectSame, expectStoreError, expectThat, never, within } from './expectations.ts';
import type { PublisherUnderTest } from './harness.ts';
import { documentWithFlags, flagNames, sampleDocument } from './sample-document.ts';

const RACERS = 20;
const RACES = 3;
/** A race of twenty publishers on a slow machine. */
const RACE_MS = 20_000;

/** What publishers promise that write at once (F36). */
export function addPublisherRaces(list: Checklist<PublisherUnderTest>): void {
  list.add(`F36 of ${RACERS} publishers at once with one expectation exactly one wins`, async (opened) => {
    const { publisher, another, secrets, stored } = opened;
    const racers = await Promise.all(Array.from({ length: RACERS }, () => another()));
    let expected: Revision | 'absent' = 'absent';
    for (let race = 0; race < RACES; race += 1) {
      const starting: Revision | 'absent' = expected;
      const text = (racer: number): string => sampleDocument(1_000 + race * RACERS + racer);
      const outcomes: readonly PromiseSettledResult<Revision>[] = await within(
        RACE_MS,
        'the end of the race',
        Promise.allSettled(racers.map((racer, n) => racer.publish(text(n), starting, never()))),
      );
      const winners = outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [n] : []));
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        expectStoreError(outcome.reason, { what: 'a publisher that lost', secrets, reasons: ['conflict'] });
      }
      const exact = publisher.guarantee === 'compare-and-set';
      expectThat(
        exact ? winners.length === 1 : winners.length <= 1,
        `${winners.length} of ${RACERS} publishers won race ${race + 1}`,
      );
      const held = await stored();
      expectThat(held !== undefined, 'the store is empty after a race');
      const [winner] = winners;
      if (winner !== undefined) expectSame(held.text, text(winner), 'the text after a race');
      expected = held.revision;
    }
    await Promise.all(racers.map((racer) => racer.close()));
  });

  list.add('F36 no update is lost when publishers retry on conflict', async (opened) => {
    const { publisher, another, stored } = opened;
    if (publisher.guarantee === 'detect') return;
    await within(RACE_MS, 'the first publish', publisher.publish(documentWithFlags(['first']), 'absent', never()));
    const names = Array.from({ length: 8 }, (_, n) => `flag_${n}`);
    const addFlag = async (name: string): Promise<void> => {
      const racer = await another();
      for (;;) {
        const held = await stored();
        expectThat(held !== undefined, 'the store is empty');
        try {
          await racer.publish(documentWithFlags([...flagNames(held.text), name]), held.revision, never());
          break;
        } catch (error) {
          if (!isStoreError(error) || error.reason !== 'conflict') throw error;
        }
      }
      await racer.close();
    };
    await within(RACE_MS, 'the end of all updates', Promise.all(names.map(addFlag)));
    const held = await stored();
    expectSame(flagNames(held?.text ?? '{}').toSorted(), ['first', ...names], 'the flags in the store');
  });
}
