import { StoreError } from '@clarity/flags-core/ports';
import { recordingListener } from '@clarity/flags-testing';
import { expect, it } from 'vitest';

it('a recording listener keeps what it hears, and gives the first of a kind from a place on', async () => {
  const listener = recordingListener();
  const notice = { kind: 'changed' } as never;
  const error = new StoreError('unavailable', 'gone');
  listener.notice(notice);
  listener.down(error);
  listener.up();
  expect(listener.events).toEqual([{ kind: 'notice', notice }, { kind: 'down', error }, { kind: 'up' }]);
  expect(await listener.heard('notice')).toBe(listener.events[0]);
  expect(await listener.heard('up')).toBe(listener.events[2]);
  const next = listener.heard('notice', 1);
  listener.down(error);
  listener.notice(notice);
  expect(await next).toBe(listener.events[4]);
});
