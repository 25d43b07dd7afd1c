import { compareRevisions, isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';
import type { Snapshot } from '../../../../packages/core/src/refresh/snapshot.ts';
import type { State } from '../../../../packages/core/src/refresh/state.ts';
import { BOOTSTRAP_NAME, nameOf } from '../world/documents.ts';
import { keyOf } from '../world/held.ts';
import type { MakeWatch } from '../world/watch.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function isRemote({ origin }: Snapshot): boolean {
  return origin.kind === 'primary' || origin.kind === 'fallback';
}

/** Among the documents that one source gave, none is older than one before it. */
export const servedNeverGoesBack: MakeWatch = (world) => {
  const newest: (Revision | undefined)[] = [];
  return {
    stepped() {
      const { served } = world.driver.state();
      if (served?.revision === undefined || served.source === undefined || !isRemote(served)) return;
      const before = newest[served.source];
      if (before === served.revision) return;
      if (before !== undefined && compareRevisions(served.revision, before) === 'older') {
        world.violate(
          'the served revision never goes back',
          `${keyOf(served.revision)} is served after ${keyOf(before)} of the same source`,
        );
      }
      newest[served.source] = served.revision;
    },
  };
};

/** What is served is a good document that its source held under that revision, and never nothing again. */
export const lastGoodIsNeverLost: MakeWatch = (world) => {
  let before: Snapshot | undefined;
  return {
    stepped() {
      const { served } = world.driver.state();
      if (served === before) return;
      if (served === undefined)
        return world.violate('the last good document is never lost', 'nothing is served any more');
      before = served;
      const name = nameOf(served.document);
      const { revision } = served;
      if (served.origin.kind === 'bootstrap' || served.origin.kind === 'cache') {
        const wasFirst = world.stores[0]?.past[0];
        const expected =
          served.origin.kind === 'bootstrap'
            ? [BOOTSTRAP_NAME]
            : [wasFirst === undefined ? undefined : `${world.stores[0]?.name}/0`];
        if (!expected.includes(name)) world.violate('what is served was given', `${served.origin.kind} serves ${name}`);
        return;
      }
      const store = served.source === undefined ? undefined : world.stores[served.source];
      if (store === undefined || revision === undefined)
        return world.violate('what is served was given', `${name} has no source or no revision`);
      const held = store.past.filter((entry) => entry !== undefined && keyOf(entry.revision) === keyOf(revision));
      // A cached document of an older revision can be confirmed by nobody, so it never gets here.
      if (!held.some((entry) => entry?.good === true && entry.text.includes(`"${name}"`))) {
        world.violate(
          'what is served was given',
          `${name} is served as ${keyOf(revision)} of ${store.name}, which never held that`,
        );
      }
    },
  };
};

/**
 * A revision that cannot be right is not adopted: a number that cannot be compared, or an epoch more than a day ahead.
 */
export const poisonIsRefused: MakeWatch = (world) => {
  let before: Snapshot | undefined;
  const newest = world.stores.map(() => 0);
  return {
    stepped() {
      const { served } = world.driver.state();
      if (served === before || served === undefined) return;
      const replaced = served.document !== before?.document;
      before = served;
      const { revision } = served;
      if (revision === undefined || !isRemote(served)) return;
      const source = served.source ?? 0;
      const known = newest[source] ?? 0;
      // An epoch that was adopted, or confirmed of a cached document, may lie ahead of a clock that was set back since,
      // and those that follow it.
      const ahead = isCounted(revision) && revision.epoch > Math.max(world.time.wallMs(), known) + DAY_MS;
      const bad = isCounted(revision)
        ? !Number.isSafeInteger(revision.version) || revision.version < 0 || ahead
        : revision.hash === '';
      if (isCounted(revision)) newest[source] = Math.max(known, revision.epoch);
      if (bad && replaced)
        world.violate('a revision that cannot be right is refused', `${JSON.stringify(revision)} is served`);
    },
  };
};

/** What is kept for the next process is what this one adopted last. */
export const cacheKeepsWhatWasAdopted: MakeWatch = (world) => {
  let adopted: Snapshot | undefined;
  const { cache } = world;
  let disturbed = false;
  return {
    // A save that the machine slept or stood still through may have been given up.
    disturbed: () => void (disturbed ||= (cache?.busy ?? 0) > 0),
    stepped() {
      const { served } = world.driver.state();
      if (served !== undefined && served.document !== adopted?.document && isRemote(served)) adopted = served;
    },
    ended() {
      if (cache === undefined || disturbed || cache.kind.saves !== 'at-once' || adopted?.revision === undefined) return;
      const last = cache.holds;
      if (
        last === undefined ||
        keyOf(last.revision) !== keyOf(adopted.revision) ||
        !last.text.includes(`"${nameOf(adopted.document)}"`)
      ) {
        world.violate(
          'the cache keeps what was adopted last',
          `it holds ${last === undefined ? 'nothing' : keyOf(last.revision)}, and ${keyOf(adopted.revision)} was adopted`,
        );
      }
    },
  };
};

/** A save is repeated after so many verifications at most; a few that are followed by another at once do not count. */
const PATIENCE = 20;

/** Where nothing can be saved it is tried again and again, however long nothing changes. */
export const failedSavesAreRepeated: MakeWatch = (world) => {
  const { cache } = world;
  let saves = 0;
  let verifications = 0;
  let last: State['verifiedAt'];
  return {
    stepped() {
      const { served, verifiedAt, settings } = world.driver.state();
      if (
        cache === undefined ||
        !settings.background ||
        (cache.kind.saves !== 'refuses' && cache.kind.saves !== 'hangs')
      )
        return;
      if (cache.saves !== saves || served === undefined || cache.saves === 0) verifications = 0;
      else if (verifiedAt !== last && cache.busy === 0) verifications += 1;
      saves = cache.saves;
      last = verifiedAt;
      if (verifications > PATIENCE)
        world.violate(
          'a save that failed is repeated',
          `${verifications} verifications since the last of ${saves} saves`,
        );
    },
  };
};
