import { openFlagClient, type State } from '@clarity/flags-core/driver';
import { expect, it } from 'vitest';
import { type HeldFlags, holdFlags } from '../src/hold-flags.ts';
import { silentLogger } from '../src/recording-logger.ts';
import { documentOf } from '../src/test-flags.ts';

function held(): { readonly client: ReturnType<typeof openFlagClient>; readonly driver: HeldFlags } {
  let driver: HeldFlags | undefined;
  const client = openFlagClient((parts) => (driver = holdFlags(parts, documentOf(new Map([['theme', 'dark']])))), {
    logger: silentLogger,
    refreshMode: 'none',
    variables: false,
  });
  if (driver === undefined) throw new Error('the driver was not made at once');
  return { client, driver };
}

it('holds a document with revision, size and origin, and counts the documents', async () => {
  const { client, driver } = held();
  expect(driver.state().phase).toBe('running');
  expect(driver.state().served).toMatchObject({
    bytes: JSON.stringify(documentOf(new Map([['theme', 'dark']]))).length,
    revision: { epoch: 1, version: 1 },
    origin: { kind: 'primary', name: 'test client' },
  });
  driver.put(documentOf(new Map([['theme', 'bright ☀']])));
  expect(client.value('theme', undefined, '')).toBe('bright ☀');
  expect(driver.state().served?.revision).toEqual({ epoch: 1, version: 2 });
  expect(driver.state().served?.bytes).toBe(JSON.stringify(driver.state().served?.document).length + 2);
  expect(await driver.refresh(false)).toEqual({
    ok: true,
    outcome: 'unchanged',
    revision: { epoch: 1, version: 2 },
    origin: { kind: 'primary', name: 'test client' },
  });
});

it('tells who follows its states of each, until they leave or it is closed', async () => {
  const { client, driver } = held();
  const seen: (readonly [before: State['phase'], after: State['phase']])[] = [];
  const leave = driver.onChange((after, before) => seen.push([before.phase, after.phase]));
  driver.put(documentOf(new Map()));
  leave();
  driver.put(documentOf(new Map([['theme', 'dark']])));
  expect(seen).toEqual([['running', 'running']]);
  driver.onChange((after, before) => seen.push([before.phase, after.phase]));
  await client.close();
  expect(seen.at(-1)).toEqual(['running', 'closed']);
  expect(await driver.refresh(true)).toEqual({ ok: false, reason: 'closed', message: 'the client is closed' });
});

it('keeps no cache and has no breaker to reset', async () => {
  const { client, driver } = held();
  client.resetBreaker();
  expect(client.breakerState()).toBe('closed');
  await expect(driver.saved()).resolves.toBeUndefined();
});
