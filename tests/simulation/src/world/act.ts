import { isCounted } from '../../../../packages/core/src/document/revision.ts';
import type { Notice } from '../../../../packages/core/src/ports/feed.ts';
import { dice } from '../dice.ts';
import type { Action } from '../history.ts';
import { describeAction } from './describe.ts';
import type { Publisher } from './held.ts';
import type { World } from './world.ts';

/** Does to the world what an action says. */
export function act(world: World, action: Action): void {
  world.note(`${world.closed ? '(closed) ' : ''}ACTION ${describeAction(action)}`);
  switch (action.kind) {
    case 'publish':
      return publish(world, action.store, action.good, action.by);
    case 'publish-behind-read': {
      const store = world.stores[action.store];
      if (store === undefined) return undefined;
      store.behindNextRead = () => {
        world.note(`${store.name} is published to, right after it answered`);
        publish(world, action.store, true, action.by);
      };
      return undefined;
    }
    case 'restore':
      world.stores[action.store]?.restore(action.by);
      return announcePublication(world, action.store);
    case 'poison':
      return world.stores[action.store]?.poison(action.how);
    case 'flush':
      return world.stores[action.store]?.flush();
    case 'lose':
      return world.stores[action.store]?.lose(action.publications);
    case 'failover': {
      const { publications, clockErrorMs, formerAnswersForMs } = action;
      return world.stores[action.store]?.failover(publications, clockErrorMs, formerAnswersForMs);
    }
    case 'put-back':
      return world.stores[action.store]?.putBack(action.states);
    case 'server-clock-jump': {
      const store = world.stores[action.store];
      if (store !== undefined) store.clockErrorMs += action.ms;
      return undefined;
    }
    case 'behave':
      return set(world, action.store, { behaviour: action.behaviour });
    case 'latency':
      return set(world, action.store, { leastMs: action.leastMs, mostMs: action.mostMs });
    case 'lag':
      return set(world, action.store, { lag: action.versions });
    case 'ignore-abort':
      return set(world, action.store, { ignoresAbort: action.on });
    case 'feed-answers':
      if (world.feed !== undefined) world.feed.answer = action.answer;
      return undefined;
    case 'feed-delivers': {
      const { lose, duplicate, mostMs, names } = action;
      world.delivery = { lose, duplicate, mostMs, names };
      return undefined;
    }
    case 'feed-down':
      return world.feed?.lose();
    case 'feed-up':
      return world.feed?.regain();
    case 'notices':
      for (let i = 0; i < action.count; i++)
        world.deliver(i * action.everyMs, () =>
          action.names === 'garbled' ? world.feed?.garble() : world.feed?.notice(noticeOf(world, action.names)),
        );
      return undefined;
    case 'sleep':
      return world.sleep(action.ms);
    case 'doze':
      world.dozeMs = action.ms;
      return undefined;
    case 'block':
      return world.block(action.ms, action.timersFirst);
    case 'wall-jump':
      world.time.wallErrorMs += action.ms;
      return world.disturb(0);
    case 'refresh':
      for (let i = 0; i < action.times; i++) world.ask(action.force);
      return undefined;
    case 'reset-breaker':
      return world.driver.resetBreaker();
    case 'look':
      world.driver.look();
      return undefined;
    case 'orphan':
      return world.orphan();
    case 'close':
      world.driver.close();
      world.closed = true;
      return undefined;
    case 'calm':
      return calm(world, action.slowness);
  }
}

function set(
  world: World,
  index: number,
  change: Partial<Pick<World['stores'][number], 'behaviour' | 'leastMs' | 'mostMs' | 'lag' | 'ignoresAbort'>>,
): void {
  const store = world.stores[index];
  if (store !== undefined) Object.assign(store, change);
}

function publish(world: World, index: number, good: boolean, by: Publisher): void {
  const store = world.stores[index];
  if (store?.publish(good, by) === true) return announcePublication(world, index);
  world.note(`${store?.name}: the publication is refused`);
}

/** The feed belongs to the primary store. */
function announcePublication(world: World, store: number): void {
  const held = world.stores[store]?.holds;
  if (store !== 0 || held === undefined) return;
  const { delivery } = world;
  const roll = dice(world.history.seed, 'notice', world.stores[0]?.past.length ?? 0);
  const notice: Notice = delivery.names ? { kind: 'changed', revision: held.revision } : { kind: 'changed' };
  if (!roll.chance(delivery.lose)) world.feed?.notice(notice);
  if (roll.chance(delivery.duplicate)) world.feed?.notice(notice);
}

type Names = Extract<Action, { kind: 'notices' }>['names'];

function noticeOf(world: World, names: Exclude<Names, 'garbled'>): Notice {
  const revision = world.stores[0]?.holds?.revision;
  if (names === 'foreign') return { kind: 'foreign' };
  if (names === 'nothing' || revision === undefined) return { kind: 'changed' };
  if (!isCounted(revision))
    return { kind: 'changed', revision: names === 'present' ? revision : { hash: `hash ${names}` } };
  const { epoch, version } = revision;
  switch (names) {
    case 'present':
      return { kind: 'changed', revision };
    case 'old':
      return { kind: 'changed', revision: { epoch, version: Math.max(0, version - 1) } };
    case 'ahead':
      return { kind: 'changed', revision: { epoch, version: version + 5 } };
  }
}

/** Everything is put right. */
function calm(world: World, slowness: number): void {
  const { settings } = world.history;
  world.time.wallErrorMs = 0;
  world.dozeMs = undefined;
  world.disturb(0);
  const shareMs = settings.timeoutMs / settings.sources.length;
  for (const store of world.stores) {
    const { holds } = store;
    store.behaviour = { kind: 'good' };
    store.leastMs = shareMs * slowness * 0.9;
    store.mostMs = shareMs * slowness;
    store.behindNextRead = undefined;
    store.lag = 0;
    store.ignoresAbort = false;
    store.clockErrorMs = 0;
    store.former = undefined;
    // Somebody publishes something good. What the store lost, nobody knows: it is not mended by this.
    if (holds === undefined || !holds.good || holds.poisoned || holds.condemned) store.restore('remembering');
  }
  world.delivery = { lose: 0, duplicate: 0, mostMs: 20, names: true };
  if (world.feed !== undefined) {
    world.feed.answer = 'acknowledge';
    world.feed.regain();
  }
}
