import { describe, expect, it } from 'vitest';
import { cli, DOCUMENT, file, store } from './cli-run.ts';

const { flags } = DOCUMENT;
const other = (changed: object): Promise<string> => file('other.json', { ...DOCUMENT, flags: changed });

describe('diff', () => {
  it('says in what two documents differ, for people and for programs', async () => {
    const path = await other({ theme: flags.theme, later: { status: 'beta', betaUsers: ['u1', 'u2'] } });
    expect((await cli(['diff', store, path, '--format', 'text'])).out.split('\n')).toEqual([
      '- new_checkout: was 50 % of users, and 1 tester',
      '! new_checkout vanishes: code that asks for it gets its fallback',
      '+ later: on for 2 testers; off else',
      '2 differences, 1 to be asked about',
      '',
    ]);
    const { code, out } = await cli(['diff', store, path]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ differences: [{ key: 'new_checkout' }, { key: 'later' }] });
  });

  it('takes stores, files and standard input', async () => {
    const { code, out } = await cli(['diff', `file:${store}`, '-'], { input: JSON.stringify(DOCUMENT, null, 1) });
    expect([code, out]).toEqual([0, '{"differences":[],"needs":[]}\n']);
  });

  it('exits with 1 when they differ, where that is asked for', async () => {
    const path = await other({ theme: flags.theme });
    expect((await cli(['diff', store, path, '--exit-code'])).code).toBe(1);
    expect((await cli(['diff', store, path])).code).toBe(0);
    expect((await cli(['diff', store, store, '--exit-code'])).code).toBe(0);
  });

  it.each([0, 1])('says what is wrong with a bad document, first or second: %i', async (place) => {
    const bad = await file('bad.json', '{"schemaVersion":1,"flags":{"a":{"status":1}}}');
    const words = place === 0 ? [bad, store] : [store, bad];
    const { code, out } = await cli(['diff', ...words]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false, problems: [{ path: '$.flags.a.status' }] });
  });

  it('of a store that is not there ends with 3', async () => {
    expect((await cli(['diff', store, `${store}.none`])).code).toBe(3);
  });
});
