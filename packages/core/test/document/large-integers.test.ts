import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { findLargeIntegers } from '../../src/document/large-integers.ts';

/** What is wrong with a document whose flag `ids` has these members. */
function problemsOf(members: string, more = ''): readonly string[] {
  const text = `{"schemaVersion":1,"flags":{"ids":{"type":"number","variants":{"a":1},"fallthrough":"a",${members}},"b":{"status":"enabled"}}${more}}`;
  const result = decodeDocument(text);
  return result.ok
    ? result.setAside.map(({ flagKey }) => `aside: ${flagKey}`)
    : result.problems.map(({ message }) => message);
}

const allowed = 'allowed: integers up to 2^53 - 1; write a larger one as text';

describe('an integer beyond 2^53 - 1', () => {
  it.each([
    ['"metadata":{"tenant":9007199254740993}', '$.flags.ids.metadata.tenant', 16],
    ['"metadata":{"a b":[0,{"x":-9007199254740992}]}', '$.flags.ids.metadata["a b"][1].x', 16],
    ['"metadata":{"\\u0069d":123456789012345678901234567890}', '$.flags.ids.metadata.id', 30],
    ['"variants":{"a":1,"b":10000000000000001}', '$.flags.ids.variants.b', 17],
    [
      '"rules":[{"when":{"attribute":"id","op":"equals","value":72057594037927937},"serve":"a"}]',
      '$.flags.ids.rules[0].when.value',
      17,
    ],
  ])('F66 is refused, by its place: %s', (members, place, digits) => {
    expect(problemsOf(members)).toEqual([`${place}: found an integer of ${digits} digits, ${allowed}`]);
  });

  it('F66 is told once where the place has another fault, too', () => {
    expect(problemsOf('"targets":[{"variant":"a","keys":[9007199254740993]}]')).toEqual([
      '$.flags.ids.targets[0].keys[0]: found a number, allowed: text or an integer',
    ]);
  });

  it.each([
    '"metadata":{"tenant":9007199254740991}',
    '"metadata":{"tenant":-9007199254740991}',
    '"metadata":{"tenant":"9007199254740993"}',
    '"metadata":{"text \\" 9007199254740993,":1}',
    '"metadata":{"share":0.12345678901234567890,"about":1e300,"exactly":12345678901234567890e0}',
  ])('is not what %s holds', (members) => {
    expect(problemsOf(members)).toEqual([]);
  });

  it('harms nobody where nobody reads it: outside of flags, and in a flag that is set aside', () => {
    expect(problemsOf('"salt":"s"', ',"exportedBy":9007199254740993,"environment":"test"')).toEqual([]);
    expect(problemsOf('"holdout":{"id":9007199254740993}')).toEqual(['aside: ids']);
  });

  it('F66 leaves the flags that hold none, when only the others are to be used', () => {
    const wrong = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`f${index}`, { status: 'enabled', metadata: { id: 0 } }]),
    );
    const text = JSON.stringify({ schemaVersion: 1, flags: { ...wrong, sound: { status: 'enabled' } } }).replaceAll(
      ':0',
      ':9007199254740993',
    );
    const result = decodeDocument(text);
    if (result.ok) throw new Error('accepted');
    expect(result.problems).toHaveLength(20);
    expect(Object.keys(result.rest!.document.flags)).toEqual(['sound']);
  });

  it('is found in time that is linear in the text', () => {
    const text = `{"flags":{"a":[${'12345678901234567,'.repeat(100_000)}"${'\\"'.repeat(500_000)}",1]}}`;
    const startedMs = performance.now();
    expect(findLargeIntegers(text)).toHaveLength(100_000);
    const deep = `${'[12345678901234567,'.repeat(200_000)}1${']'.repeat(200_000)}`;
    expect(findLargeIntegers(deep)).toHaveLength(62);
    // A second is a hundred times what it takes; a square would be minutes.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});
