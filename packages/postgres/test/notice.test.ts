import { describe, expect, it } from 'vitest';
import { postgresLayout } from '../src/layout.ts';
import { noticeText, parseNotice } from '../src/notice.ts';

const layout = postgresLayout({ namespace: 'shop', schema: 'flags' });
const revision = { epoch: 1_763_812_800_000, version: 17, hash: 'a'.repeat(64) };
const told = JSON.parse(noticeText(layout, revision)) as Readonly<Record<string, unknown>>;

describe('F55 a notice', () => {
  it('names a revision, and fits into a payload many times over', () => {
    expect(parseNotice(noticeText(layout, revision), layout)).toEqual({ kind: 'changed', revision });
    const longest = postgresLayout({ namespace: 'x'.repeat(48), schema: 'y'.repeat(63) });
    const most = { epoch: Number.MAX_SAFE_INTEGER, version: Number.MAX_SAFE_INTEGER, hash: 'a'.repeat(64) };
    expect(noticeText(longest, most).length).toBeLessThan(8_000 / 20);
    expect(parseNotice(noticeText(longest, most), longest)).toEqual({ kind: 'changed', revision: most });
  });

  it.each([
    ['F56 another namespace', { ...told, namespace: 'web' }, { kind: 'foreign' }],
    ['F56 another schema', { ...told, schema: 'public' }, { kind: 'foreign' }],
    ['F56 a later format of another namespace', { clarity: 9, namespace: 'web' }, { kind: 'foreign' }],
    ['a later format', { ...told, clarity: 2 }, { kind: 'changed' }],
    ['F54 a version beyond 2^53', { ...told, version: 2 ** 53 }, { kind: 'changed' }],
    ['an epoch that is text', { ...told, epoch: '5' }, { kind: 'changed' }],
    ['a hash that is none', { ...told, hash: 'x' }, { kind: 'changed' }],
    ['no revision', { clarity: 1, namespace: 'shop' }, { kind: 'changed' }],
    ['an object of others', { event: 'x' }, { kind: 'changed' }],
  ])('of %s', (_, message, notice) => {
    expect(parseNotice(JSON.stringify(message), layout)).toEqual(notice);
  });

  it.each(['', 'refresh', '{', 'null', '[1]', '{}', `{"clarity":1,"a":"${'x'.repeat(2_000)}"}`])(
    'that is %j means to look again',
    (message) => {
      expect(parseNotice(message, layout)).toEqual({ kind: 'changed' });
    },
  );
});
