import { describe, expect, it } from 'vitest';
import { accountOf, type Look } from '../../bench/src/outage/look.ts';
import { pictureOf } from '../../bench/src/outage/picture.ts';

const fresh: Look = { says: 'fresh', on: true, lines: 0 };
const stale: Look = { says: 'stale', on: true, lines: 2 };
const account = accountOf('@clarity/flags-core', [fresh, fresh, stale, { ...stale, lines: 0 }, fresh]);

describe('what was seen of a client in an outage', () => {
  it('is put together by what it said, for how long', () => {
    expect(account.spans).toEqual([
      { says: 'fresh', fromS: 0, untilS: 2 },
      { says: 'stale', fromS: 2, untilS: 4 },
      { says: 'fresh', fromS: 4, untilS: 5 },
    ]);
  });

  it('has each second in which it wrote to the log', () => {
    expect(account.lines).toEqual([{ atS: 2, count: 2 }]);
  });

  it('tells a single wrong answer', () => {
    expect(account.alwaysOn).toBe(true);
    expect(accountOf('a', [fresh, { ...fresh, on: false }]).alwaysOn).toBe(false);
  });
});

describe('the picture of an outage', () => {
  const svg = pictureOf({
    date: '2026-11-30',
    seconds: { before: 1, dead: 2, after: 2 },
    pollS: 10,
    staleAfterS: 30,
    accounts: [account, { ...account, name: 'a <b>', lines: [], alwaysOn: false }],
  });

  it('says in words what it shows', () => {
    expect(svg).toContain(
      'aria-label="A store dies at 1 s and is back at 3 s. @clarity/flags-core: fresh from 0 to 2 s',
    );
    expect(svg).toContain('stale from 2 to 4 s, fresh from 4 to 5 s; log lines: 2.');
  });

  it('names those who wrote nothing to the log, and those who answered wrong', () => {
    expect(svg).toContain('>none</text>');
    expect(svg).toContain('Wrong answers from: a &lt;b>.');
  });

  it('has colours for readers in the dark', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
  });
});
