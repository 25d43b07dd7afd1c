import { describe, expect, it } from 'vitest';
import { printable, printableLine } from '../../src/adapter-kit.ts';

const hex = (text: string): string => text.codePointAt(0)!.toString(16);

describe('F96 text that a terminal shows and does not obey', () => {
  it.each([
    '\u0000',
    '\u0007',
    '\b',
    '\r',
    '\u001B',
    '\u007F',
    '\u0085',
    '\u009B',
    '\u00AD',
    '\u061C',
    '\u200B',
    '\u200E',
    '\u200F',
    '\u2028',
    '\u2029',
    '\u202A',
    '\u202E',
    '\u2060',
    '\u2066',
    '\u2069',
    '\uFEFF',
    '\uD800',
    '\uDFFF',
  ])('shows $0 by its number', (character) => {
    expect(printable(`a${character}b`)).toBe(`a\\u${hex(character).padStart(4, '0')}b`);
  });

  it('shows an invisible tag by its halves, so that JSON stays the same JSON', () => {
    const json = JSON.stringify({ 'a\u{E0041}\u202E\u2028\uFEFF': '\u009B31m' });
    expect(printable(json)).toContain(String.raw`\udb40\udc41`);
    expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
  });

  it.each(['grüße', '日本語', 'שלום', 'می‌خواهم', '👩‍👧', 'e\u0301', '<b>&amp;</b>', 'a\\u202e'])(
    'leaves %s alone',
    (text) => {
      expect(printable(text)).toBe(text);
      expect(printableLine(text)).toBe(text);
    },
  );

  it('keeps lines and tabs of what may have them, and makes one line of what may not', () => {
    expect(printable('a\n\tb')).toBe('a\n\tb');
    expect(printableLine('a\n\tb\r\nc')).toBe(String.raw`a\u000a\u0009b\u000d\u000ac`);
  });
});
