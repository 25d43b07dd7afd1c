/**
 * What holds of stores that lose what they confirmed (F90). By true order, which only the world knows, and not by what
 * revisions say.
 */
import { isCounted, type CountedRevision } from '../../../../packages/core/src/document/revision.ts';
import type { State } from '../../../../packages/core/src/refresh/state.ts';
import { nameOf } from '../world/documents.ts';
import { type Held, isOwedOver, keyOf, standsOn } from '../world/held.ts';
import type { MakeWatch } from '../world/watch.ts';
import type { World } from '../world/world.ts';

/** Publications that a store notes beside a document. */
const REMEMBERED = 32;
const EMPTY: CountedRevision = { epoch: 0, version: 0 };

interface Adoption {
  readonly source: number;
  /** What the client had of this source before. */
  readonly from: Held;
  readonly to: Held;
}

/** Tells each time that the client goes from one publication of a source to another of the same. */
function adoptions(world: World): (state: State) => Adoption | undefined {
  const newest: (Held | undefined)[] = [];
  let before: State['served'];
  return ({ served }) => {
    if (served === before || served === undefined) return undefined;
    before = served;
    const { revision, source, origin } = served;
    if (revision === undefined || source === undefined || origin.kind === 'cache' || origin.kind === 'bootstrap')
      return undefined;
    const name = nameOf(served.document);
    const to = world.stores[source]?.past.find(
      (held) => held?.text.includes(`"${name}"`) === true && keyOf(held.revision) === keyOf(revision),
    );
    // Two texts under one number, and confirmed as the one that is served: what is true of it then, nobody can say.
    if (to === undefined) return undefined;
    const from = newest[source];
    newest[source] = to;
    return from === undefined || from === to ? undefined : { source, from, to };
  };
}

/**
 * Of one source, a publication is never followed by one that it stands on, nor by an earlier one of a branch that the
 * store left.
 */
export const neverBackInTrueOrder: MakeWatch = (world) => {
  const adoptionIn = adoptions(world);
  return {
    stepped() {
      const adoption = adoptionIn(world.driver.state());
      if (adoption === undefined) return;
      const { source, from, to } = adoption;
      if (!isCounted(from.revision) || !isCounted(to.revision)) return;
      // An epoch that a hand wrote days ahead was refused then, and published over; once its day has come, a replica
      // may still have it.
      if (to.by === 'hand') return;
      const what = `${keyOf(to.revision)} of ${world.stores[source]?.name} is served after ${keyOf(from.revision)}`;
      // Below an epoch that lay a day ahead of its clock a store begins anew (F13), and a memory on the way may still
      // answer with that one.
      if (standsOn(from, to) && !beganBelow(from, to)) {
        world.violate('what is served never goes back to what it stands on', `${what}, which came of it`);
      } else if (!standsOn(from, to) && to.number < from.number && isOwedOver(from, to.revision)) {
        world.violate('what is served never goes back to a branch that its store left', `${what}, which is later`);
      }
    },
  };
};

/**
 * `store.lost-writes` is told exactly when what was served is lost, as far as the record of what replaced it can say.
 */
export const lossesAreTold: MakeWatch = (world) => {
  const adoptionIn = adoptions(world);
  let told: { readonly source: string; readonly lost: string; readonly adopted: string }[] = [];
  return {
    announced(announcement) {
      if (announcement.kind !== 'lost-writes') return;
      const { source, lost, adopted } = announcement.lostWrites;
      told.push({ source, lost: keyOf(lost), adopted: keyOf(adopted) });
    },
    stepped() {
      const [one, ...more] = told;
      told = [];
      const adoption = adoptionIn(world.driver.state());
      if (more.length > 0) return world.violate('a loss is told once', `${more.length + 1} times in one step`);
      // What a hand wrote is not a publication: whether it is lost when somebody publishes over it, records may see in
      // either way.
      if (adoption?.from.by === 'hand' || adoption?.to.by === 'hand') return undefined;
      if (one !== undefined) {
        if (adoption === undefined)
          return world.violate('nothing is told to be lost that is there', `${one.lost} is, and nothing was adopted`);
        const { from, to, source } = adoption;
        const right =
          one.source === world.stores[source]?.name &&
          one.lost === keyOf(from.revision) &&
          one.adopted === keyOf(to.revision);
        if (!right || (standsOn(to, from) && !looksLost(from, to)))
          world.violate(
            'nothing is told to be lost that is there',
            `${one.lost} of ${one.source} is, and ${keyOf(to.revision)} stands on ${keyOf(from.revision)}`,
          );
      } else if (adoption !== undefined && isNoted(world, adoption)) {
        const { from, to } = adoption;
        world.violate(
          'what was served and is lost is told',
          `${keyOf(to.revision)} does not stand on ${keyOf(from.revision)}, and nobody said so`,
        );
      }
    },
  };
};

/**
 * Whether the record makes believe that `from` is lost, though `to` came of it: a restore over an epoch that lies days
 * ahead of the store's clock (F13) began below it, and after that somebody published who keeps no record, so that the
 * next record begins anew, below what was served.
 */
function looksLost(from: Held, to: Held): boolean {
  for (let at: Held | undefined = to; at !== undefined && at !== from; at = at.base)
    if (at.by === 'old') return beganBelow(at, from);
  return false;
}

/** Whether on the way from `earlier` to `later` a publication took an epoch below the one before it. */
function beganBelow(later: Held, earlier: Held): boolean {
  for (let at: Held | undefined = later; at !== undefined && at !== earlier; at = at.base) {
    const { revision, base } = at;
    if (base !== undefined && isCounted(revision) && isCounted(base.revision) && revision.epoch < base.revision.epoch)
      return true;
  }
  return false;
}

/** Whether the record of what was adopted shows that what was there before it is lost. */
function isNoted(world: World, { source, from, to }: Adoption): boolean {
  if (world.stores[source]?.kind.remembers !== true || !isCounted(from.revision) || !isCounted(to.revision))
    return false;
  const noted = ancestorsOf(to);
  const oldest = noted.at(-1);
  if (oldest === undefined) return false;
  const { epoch, version } = from.revision;
  const isNewer = epoch > oldest.epoch || (epoch === oldest.epoch && version > oldest.version);
  return isNewer && !noted.some((ancestor) => ancestor.epoch === epoch && ancestor.version === version);
}

/** What a publisher of today notes: as far back as the publications before it were made by such a one. */
function ancestorsOf(held: Held): readonly CountedRevision[] {
  const noted: CountedRevision[] = [];
  for (let at = held; at.by !== 'old' && at.by !== 'hand' && noted.length < REMEMBERED;) {
    const { base } = at;
    if (base === undefined) return [...noted, EMPTY];
    if (!isCounted(base.revision) || base.poisoned) break;
    noted.push(base.revision);
    at = base;
  }
  return noted;
}
