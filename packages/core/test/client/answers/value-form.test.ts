import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { defineFlags, flag } from '../../../src/client/typed/define-flags.ts';
import type { StandardSchema } from '../../../src/client/typed/standard-schema.ts';
import type { LogEntry } from '../../../src/refresh/protocol.ts';
import type { FlagValue } from '../../../src/document/types.ts';
import { createEdgeFlagClient } from '../../../src/edge/edge-flag-client.ts';
import { edgeSignals } from '../../../src/edge/edge-signals.ts';
import type { HookContext } from '../../../src/ports/hook.ts';
import { counted, scriptedSource } from '../../support/scripted-source.ts';
import { client } from '../ready-client.ts';

const serving = (value: unknown) => ({ type: 'object', variants: { v: value }, fallthrough: 'v' });
const text = JSON.stringify({
  schemaVersion: 1,
  flags: {
    list: serving(['a']),
    object: { ...serving({ a: 1 }), clientVisible: true },
    nothing: { type: 'string', variants: { v: 'x' }, fallthrough: null },
  },
});
const source = () => scriptedSource({ kind: 'holds', revision: counted(1), text });
const anything: StandardSchema<object> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as object }) },
};

async function faces() {
  const server = await client({ source: source() });
  const edge = createEdgeFlagClient({ source: source(), bootstrap: text });
  await edge.refresh();
  const pinned = server.forContext({});
  return [
    [
      'a server',
      (key: string, fallback: FlagValue) => [server.value(key, {}, fallback), server.details(key, {}, fallback)],
    ],
    [
      'the edge',
      (key: string, fallback: FlagValue) => [edge.value(key, {}, fallback), edge.details(key, {}, fallback)],
    ],
    [
      'a pinned context',
      (key: string, fallback: FlagValue) => [pinned.value(key, fallback), pinned.details(key, fallback)],
    ],
  ] as const;
}

describe('a list is no object, and an object no list', () => {
  it('F66 for value and details of every face', async () => {
    for (const [name, ask] of await faces()) {
      for (const [key, fallback] of [
        ['list', {}],
        ['object', ['b']],
      ] as const) {
        const [value, details] = ask(key, fallback);
        expect(value, name).toBe(fallback);
        expect(details, name).toMatchObject({ value: fallback, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
      }
      expect(ask('list', [])[0], name).toEqual(['a']);
      expect(ask('object', {})[0], name).toEqual({ a: 1 });
    }
  });

  it('F66 for typed flags', async () => {
    const flags = defineFlags({
      list: flag.object(anything, { a: 0 } as object),
      object: flag.object(anything, ['b'] as object),
    }).of(await client({ source: source() }));
    expect(flags.value('list')).toEqual({ a: 0 });
    expect(flags.details('list')).toMatchObject({ value: { a: 0 }, errorCode: 'TYPE_MISMATCH' });
    expect(flags.value('object')).toEqual(['b']);
    expect(flags.details('object')).toMatchObject({ value: ['b'], errorCode: 'TYPE_MISMATCH' });
  });

  it('F66 for overrides, which the log and health tell of', async () => {
    const lines: LogEntry[] = [];
    const logger = { log: (entry: LogEntry) => void lines.push(entry) };
    const flags = await client({
      source: source(),
      overrides: { list: { brake: true }, object: ['brake'] },
      logger,
      logLevel: 'warn',
    });
    expect(flags.value('list', {}, ['b'])).toEqual(['b']);
    expect(flags.details('list', {}, ['b'])).toMatchObject({
      value: ['b'],
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'the override is object, not list',
    });
    expect(flags.value('object', {}, {})).toEqual({});
    expect(flags.all()).toEqual({});
    expect(flags.allDetails()).toMatchObject({
      list: { value: null, errorCode: 'TYPE_MISMATCH' },
      object: { value: null },
    });
    expect(flags.value('list', {}, {})).toEqual({ brake: true });
    expect(flags.health().mismatched_overrides).toEqual(['list', 'object']);
    expect(JSON.stringify(lines)).toContain('"found":"object","asked":"list"');
  });

  it('F66 for what is counted at the edge', async () => {
    const counted: unknown[] = [];
    const metrics = { count: (_: string, labels: unknown) => void counted.push(labels), gauge() {}, observe() {} };
    const edge = createEdgeFlagClient({ source: source(), signals: edgeSignals({ metrics }) });
    await edge.refresh();
    counted.length = 0;
    edge.value('list', {}, {});
    await edge.refresh();
    expect(counted).toContainEqual({ flag: 'list', variant: '__fallback__', reason: 'ERROR' });
  });
});

describe('details of any type', () => {
  it('F66 are given for one flag and for all, by every face', async () => {
    const server = await client({ source: source() });
    const edge = createEdgeFlagClient({ source: source(), bootstrap: text });
    await edge.refresh();
    const pinned = server.forContext({});
    const expected = {
      list: { flagKey: 'list', value: ['a'], variant: 'v', reason: 'STATIC', freshness: 'fresh' },
      object: { flagKey: 'object', value: { a: 1 }, variant: 'v', reason: 'STATIC', freshness: 'fresh' },
      nothing: { flagKey: 'nothing', value: null, reason: 'DEFAULT', freshness: 'fresh' },
    };
    const visible = { clientVisibleOnly: true };
    for (const all of [server.allDetails(), edge.allDetails(), pinned.allDetails()])
      expect(all).toMatchObject(expected);
    for (const all of [server.allDetails({}, visible), edge.allDetails({}, visible), pinned.allDetails(visible)])
      expect(Object.keys(all)).toEqual(['object']);
    for (const [key, details] of Object.entries(expected)) {
      for (const one of [server.details(key, {}, null), edge.details(key, {}, null), pinned.details(key, null)])
        expect(one).toMatchObject(details);
      for (const value of [server.value(key, {}, null), edge.value(key, {}, null), pinned.value(key, null)])
        expect(value).toEqual(details.value);
    }
    expect(server.details('list', {}, null).revision).toBe(server.allDetails()['list']!.revision);
    expectTypeOf(server.details('list', {}, null).value).toEqualTypeOf<FlagValue | null>();
    expectTypeOf(server.details('list', {}, 'x').value).toEqualTypeOf<string>();
    expectTypeOf(server.allDetails()['list']!.value).toEqualTypeOf<FlagValue | null>();
  });

  it('F66 stand under overrides, and are empty without a document', async () => {
    const flags = await client({ source: source() });
    flags.override('nothing', 7);
    flags.override('list', ['brake']);
    expect(flags.details('nothing', {}, null)).toMatchObject({ value: 7, variant: 'override' });
    expect(flags.allDetails()).toMatchObject({
      nothing: { value: 7 },
      list: { value: ['brake'] },
      object: { variant: 'v' },
    });
    expect(flags.allDetails({}, { clientVisibleOnly: true })).toMatchObject({ object: { variant: 'v' } });
    expect(Object.keys(flags.allDetails({}, { clientVisibleOnly: true }))).toEqual(['object']);
    const without = createEdgeFlagClient({ source: source() });
    expect(without.allDetails()).toEqual({});
    expect(without.details('list', {}, null)).toMatchObject({ value: null, errorCode: 'PROVIDER_NOT_READY' });
  });

  it('tell hooks that no type was asked for, and note exposures', async () => {
    const asked: HookContext[] = [];
    const sink = vi.fn();
    const flags = await client({
      source: source(),
      hooks: [{ before: (context) => void asked.push(context) }],
      exposures: { sink },
    });
    expect(flags.details('object', { userId: 'u1' }, null)).toMatchObject({ value: { a: 1 } });
    expect(flags.value('nothing', { userId: 'u1' }, null)).toBeNull();
    expect(asked).toMatchObject([
      { flagKey: 'object', flagValueType: undefined, defaultValue: null },
      { flagKey: 'nothing', flagValueType: undefined, defaultValue: null },
    ]);
    await flags.close();
    expect(sink).toHaveBeenCalledExactlyOnceWith([expect.objectContaining({ flagKey: 'object', value: { a: 1 } })]);
  });
});
