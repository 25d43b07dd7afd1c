// What a client says, once, of questions that can hardly be meant as they are asked.
import { describe, expect, it } from 'vitest';
import type { FlagClient } from '../../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../../src/client/options/options.ts';
import type { LogEntry } from '../../../src/refresh/protocol.ts';
import { counted, scriptedSource } from '../../support/scripted-source.ts';
import { client } from '../ready-client.ts';

/** A client of the flags `a` (beta), `shown` and `theme`, and what it logs once it is ready. */
async function heard(
  options: Partial<FlagClientOptions> = {},
): Promise<{ readonly flags: FlagClient; readonly lines: LogEntry[] }> {
  const lines: LogEntry[] = [];
  const logger = { log: (entry: LogEntry) => void lines.push(entry) };
  const flags = await client({ environment: 'development', logLevel: 'warn', logger, ...options });
  lines.length = 0;
  return { flags, lines };
}

const askAnyhow = (flags: FlagClient, key: string, context: unknown): unknown => flags.isEnabled(key, context as never);

describe('a key that no flag has', () => {
  const line = (flag: string, level = 'warn'): unknown => ({
    level,
    message: expect.stringMatching(/^no flag has the key that was asked for, so the fallback is served/),
    fields: { flag },
  });

  it('is said once in development, however it is asked for', async () => {
    const { flags, lines } = await heard();
    for (let times = 0; times < 3; times++) {
      expect(flags.isEnabled('shwon', { userId: 'u1' }, true)).toBe(true);
      expect(flags.value('shwon', {}, 'x')).toBe('x');
      expect(flags.details('them', {}, 'x')).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
      flags.forContext({}).isEnabled('shwon');
      flags.flag('c')();
      flags.isEnabled('shown');
    }
    expect(lines).toEqual([line('shwon'), line('them'), line('c')]);
  });

  it('is in no answer of all flags, and counts as none, once it was asked for', async () => {
    const { flags } = await heard();
    const [all, details, { cache_size }] = [flags.all({}), flags.allDetails({}), flags.health()];
    for (const key of ['shwon', 'shwon', '__proto__', 'constructor']) expect(flags.isEnabled(key)).toBe(false);
    expect(flags.all({})).toEqual(all);
    expect(flags.allDetails({})).toEqual(details);
    expect(flags.health().cache_size).toBe(cache_size);
    expect(flags.details('shwon', {}, null)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
  });

  it('is said with hooks, and not where an override answers', async () => {
    const { flags, lines } = await heard({ hooks: [{}], overrides: { new_checkout: true } });
    for (let times = 0; times < 3; times++) {
      expect(flags.isEnabled('new_checkout')).toBe(true);
      flags.isEnabled('shwon');
    }
    expect(lines).toEqual([line('shwon')]);
  });

  it.each(['production', 'staging', 'test'])(
    'is for those who want to know it at level info in %s',
    async (environment) => {
      const { flags, lines } = await heard({ environment, refreshMode: 'none' });
      flags.isEnabled('shwon');
      expect(lines).toEqual([]);
      flags.setLogLevel('info');
      flags.isEnabled('shwon');
      flags.isEnabled('shwon');
      expect(lines).toEqual([line('shwon', 'info')]);
    },
  );

  it('is said shortened, and of a hundred keys at most: they may come from anywhere', async () => {
    const { flags, lines } = await heard();
    flags.isEnabled('x'.repeat(5_000));
    for (let key = 0; key < 500; key++) flags.isEnabled(`k${key}`);
    expect(lines).toHaveLength(100);
    expect(lines[0]?.fields['flag']).toBe(`${'x'.repeat(99)}…`);
  });

  it('does not go in circles through a logger that asks about flags itself', async () => {
    const asked: string[] = [];
    const flags = await client({
      environment: 'development',
      logLevel: 'warn',
      logger: {
        log: ({ fields }) => {
          asked.push(String(fields['flag']));
          flags.isEnabled('log_all');
        },
      },
    });
    flags.isEnabled('shwon');
    expect(asked).toEqual(['shwon', 'log_all']);
  });
});

describe('a context that is no object', () => {
  const line = (found: string): unknown => ({
    level: 'warn',
    message: expect.stringMatching(/^a context is no object, so flags are evaluated for nobody; allowed is an object/),
    fields: { found },
  });

  it.each([{}, { hooks: [{}] }, { environment: 'production', refreshMode: 'none' } as const])(
    'is said once for each form, in every environment: %j',
    async (options) => {
      const { flags, lines } = await heard(options);
      for (let times = 0; times < 3; times++) {
        expect(askAnyhow(flags, 'a', 'u1')).toBe(false);
        expect(askAnyhow(flags, 'shown', true)).toBe(true);
      }
      expect(lines).toEqual([line('text of 2 characters'), line('true or false')]);
    },
  );

  it('is said where it comes after others', async () => {
    const { flags, lines } = await heard();
    flags.isEnabled('a', { userId: 'u1' });
    flags.isEnabled('a');
    expect(lines).toEqual([]);
    askAnyhow(flags, 'a', 'u1');
    expect(lines).toEqual([line('text of 2 characters')]);
  });

  it('stands in details, with hooks too', async () => {
    for (const options of [{}, { hooks: [{}] }]) {
      const { flags } = await heard(options);
      expect(flags.details('a', 'u1' as never, false).contextProblems).toMatchObject([
        { code: 'INVALID_CONTEXT', attribute: 'context', found: 'text of 2 characters' },
      ]);
    }
  });
});

describe('a context whose targeting key has another name', () => {
  const line = (found: string): unknown => ({
    level: 'warn',
    message: expect.stringMatching(/^a context has neither targetingKey nor userId, so a flag is evaluated for nobody/),
    fields: { found },
  });

  it.each([{}, { environment: 'production', refreshMode: 'none' } as const])(
    'is said once for each name, by flags that need one: %j',
    async (options) => {
      const { flags, lines } = await heard(options);
      flags.isEnabled('shown', { user_id: 'u1' });
      flags.isEnabled('a', { user_id: 'u1', userId: 'u1' });
      for (const context of [undefined, {}, { country: 'CH' }]) flags.isEnabled('a', context);
      expect(lines).toEqual([]);
      for (let times = 0; times < 3; times++) {
        expect(flags.isEnabled('a', { user_id: 'u1' })).toBe(false);
        flags.all({ uid: 7 });
      }
      expect(lines).toEqual([line('user_id'), line('uid')]);
    },
  );

  it('is said of a rollout too, and not where that goes by another attribute', async () => {
    const split = (by?: string): object => ({
      type: 'boolean',
      fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 1 }], ...(by !== undefined && { by }) },
    });
    const text = JSON.stringify({ schemaVersion: 1, flags: { key: split(), company: split('companyId') } });
    const source = scriptedSource({ kind: 'holds', revision: counted(1), text });
    const { flags, lines } = await heard({ source });
    expect(flags.isEnabled('company', { user_id: 'u1' })).toBe(false);
    expect(lines).toEqual([]);
    expect(flags.isEnabled('key', { user_id: 'u1' })).toBe(false);
    expect(lines).toEqual([line('user_id')]);
  });

  it('is looked for in a thousand contexts without one, and in no more', async () => {
    const { flags, lines } = await heard();
    let reads = 0;
    const context = {
      get uid() {
        reads += 1;
        return undefined;
      },
    };
    for (let times = 0; times < 3_000; times++) flags.isEnabled('a', context);
    expect(reads).toBe(1_000);
    flags.isEnabled('a', { user_id: 'u1' });
    expect(lines).toEqual([]);
  });

  it('changes no answer by being looked for, even if that throws', async () => {
    const { flags, lines } = await heard();
    const context = {
      get user_id(): string {
        throw new Error('not here');
      },
    };
    expect(flags.isEnabled('a', context, true)).toBe(true);
    expect(flags.details('shown', context, false)).toMatchObject({ value: true, reason: 'STATIC' });
    expect(lines).toEqual([]);
  });
});
