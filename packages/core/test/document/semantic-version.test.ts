import { describe, expect, it } from 'vitest';
import {
  compareSemanticVersion,
  isSemanticVersion,
  parseSemanticVersion,
} from '../../src/document/semantic-version.ts';

const compare = (left: string, right: string): number => compareSemanticVersion(left, parseSemanticVersion(right));

describe('semantic versions', () => {
  it('are in the order of semver.org section 11', () => {
    const rising = [
      '0.0.0',
      '0.0.1',
      '0.1.0',
      '0.9.9',
      '0.10.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1-0',
      '1.0.1-1',
      '1.0.1-10',
      '1.0.1-a',
      '1.0.1',
      '2.0.0',
      '2.1.0',
      '2.1.1',
      '10.0.0',
      '999999999999999.0.0',
    ];
    for (const [low, left] of rising.entries()) {
      for (const [high, right] of rising.entries()) {
        expect(Math.sign(compare(left, right)), `${left} against ${right}`).toBe(Math.sign(low - high));
      }
    }
  });

  it('ignore build metadata', () => {
    expect(compare('1.2.3+linux', '1.2.3')).toBe(0);
    expect(compare('1.2.3-rc.1+a.b', '1.2.3-rc.1+c')).toBe(0);
  });

  it.each([
    '',
    '1',
    '1.2',
    '1.2.',
    '1.2.3.4',
    'v1.2.3',
    '01.2.3',
    '1.02.3',
    '1.2.03',
    '1.2.3-',
    '1.2.3-01',
    '1.2.3-a..b',
    '1.2.3+',
    ' 1.2.3',
    '1.2.3 ',
    '-1.2.3',
    '1.2.3-é',
    '1234567890123456.0.0',
    '1..3',
    '.1.2',
  ])('are not versions when they look like this: %j', (text) => {
    expect(isSemanticVersion(text)).toBe(false);
    expect(compare(text, '1.0.0')).toBeNaN();
  });
});

it.each(['1.2.:', ':.2.3', '1.2./', '1./.3', '1.2.3:', '1.2', '1.2.', '.2.3', '01.2.3', '1.02.3', '1.2.03'])(
  '%j is no version, neither to compare nor to parse',
  (text) => {
    expect(compare(text, '1.2.3')).toBeNaN();
    expect(isSemanticVersion(text)).toBe(false);
  },
);
