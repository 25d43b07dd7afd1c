import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../src/index.ts';
import { editText } from '../../src/text.ts';

function edited(text: string, ...instructions: Instruction[]): string {
  const result = editText(text, { instructions });
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.text;
}

const BY_HAND = `{
  "schemaVersion": 1,
  "flags": {
    "new_cart":   { "status": "canary", "rolloutPercentage": 25 ,
                    "betaUsers": ["u1", "u2"] },

    "10": { "status": "enabled" },
    "search": {
      "type": "boolean",
      "rules": [
        { "id": "swiss", "when": { "attribute": "country", "op": "equals", "value": "CH" }, "serve": "on" }
      ],
      "fallthrough": "off"
    },
    "9": { "status": "enabled" }
  }
}
`;

describe('a text that is edited in place', () => {
  it('changes in one place, and keeps the layout of a hand that wrote it', () => {
    expect(edited(BY_HAND, { kind: 'setPercentage', flag: 'new_cart', percentage: 50 })).toBe(
      BY_HAND.replace('"rolloutPercentage": 25 ,', '"rolloutPercentage": 50 ,'),
    );
  });

  it('has what is new last in its list or object, as what is beside it', () => {
    expect(edited(BY_HAND, { kind: 'addTargets', flag: 'new_cart', keys: ['u3'] })).toBe(
      BY_HAND.replace('"u2"]', '"u2", "u3"]'),
    );
    expect(edited(BY_HAND, { kind: 'create', flag: 'more', definition: { status: 'disabled' } })).toBe(
      BY_HAND.replace(
        '"9": { "status": "enabled" }',
        '"9": { "status": "enabled" },\n    "more": { "status": "disabled" }',
      ),
    );
    const rule = { when: { attribute: 'plan', op: 'exists' }, serve: 'on' } as const;
    expect(edited(BY_HAND, { kind: 'addRule', flag: 'search', rule })).toBe(
      BY_HAND.replace(
        '"serve": "on" }\n',
        '"serve": "on" },\n        { "when": { "attribute": "plan", "op": "exists" }, "serve": "on" }\n',
      ),
    );
    expect(edited(BY_HAND, { kind: 'addRule', flag: 'search', rule, before: 'swiss' })).toBe(
      BY_HAND.replace(
        '        { "id": "swiss"',
        '        { "when": { "attribute": "plan", "op": "exists" }, "serve": "on" },\n        { "id": "swiss"',
      ),
    );
  });

  it('loses what is removed, with its comma, wherever it stood', () => {
    expect(edited(BY_HAND, { kind: 'remove', flag: '9' })).toBe(
      BY_HAND.replace(',\n    "9": { "status": "enabled" }', ''),
    );
    expect(edited(BY_HAND, { kind: 'remove', flag: '10' })).toBe(
      BY_HAND.replace('"10": { "status": "enabled" },\n    ', ''),
    );
    expect(edited(BY_HAND, { kind: 'removeTargets', flag: 'new_cart', keys: ['u1'] })).toBe(
      BY_HAND.replace('"u1", ', ''),
    );
    expect(
      edited(
        BY_HAND,
        { kind: 'remove', flag: '9' },
        { kind: 'remove', flag: 'search' },
        { kind: 'remove', flag: '10' },
      ),
    ).toBe(`${BY_HAND.slice(0, BY_HAND.indexOf(',\n\n    "10"'))}\n  }\n}\n`);
  });

  it('keeps keys like numbers where they stood', () => {
    const after = edited(BY_HAND, { kind: 'turnOff', flag: '9' });
    expect(after.indexOf('"10"')).toBeLessThan(after.indexOf('"9"'));
    expect(after).toBe(BY_HAND.replace('"9": { "status": "enabled" }', '"9": { "status": "disabled" }'));
  });

  it('takes a flag to the long form within its place', () => {
    const prerequisites = [{ flag: '9', variants: ['on'] }];
    expect(edited(BY_HAND, { kind: 'setPrerequisites', flag: '10', prerequisites })).toBe(
      BY_HAND.replace(
        '"10": { "status": "enabled" }',
        '"10": { "type": "boolean", "fallthrough": "on", "prerequisites": [{ "flag": "9", "variants": ["on"] }] }',
      ),
    );
  });

  it('takes a table that was not there', () => {
    expect(edited(BY_HAND, { kind: 'createSegment', segment: 'staff', definition: { include: ['u1'] } })).toBe(
      BY_HAND.replace(/\n {2}\}\n\}\n$/, '\n  },\n  "segments": {\n    "staff": { "include": ["u1"] }\n  }\n}\n'),
    );
  });

  it.each([
    [
      'in one line',
      '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}',
      '{"schemaVersion":1,"flags":{"a":{"status":"enabled"},"b":{"status":"beta","betaUsers":["u1"]}}}',
    ],
    [
      'in one line with spaces',
      '{ "schemaVersion": 1, "flags": { "a": { "status": "enabled" } } }',
      '{ "schemaVersion": 1, "flags": { "a": { "status": "enabled" }, "b": { "status": "beta", "betaUsers": ["u1"] } } }',
    ],
    [
      'with tabs, and lines as Windows ends them',
      '{\r\n\t"schemaVersion": 1,\r\n\t"flags": {\r\n\t\t"a": {\r\n\t\t\t"status": "enabled"\r\n\t\t}\r\n\t}\r\n}',
      '{\r\n\t"schemaVersion": 1,\r\n\t"flags": {\r\n\t\t"a": {\r\n\t\t\t"status": "enabled"\r\n\t\t},\r\n\t\t"b": {\r\n\t\t\t"status": "beta",\r\n\t\t\t"betaUsers": [\r\n\t\t\t\t"u1"\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}',
    ],
    [
      'after a byte-order mark',
      '\uFEFF{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}',
      '\uFEFF{"schemaVersion":1,"flags":{"a":{"status":"enabled"},"b":{"status":"beta","betaUsers":["u1"]}}}',
    ],
  ])('%s stays so', (_, before, after) => {
    const definition = { status: 'beta', betaUsers: ['u1'] } as const;
    expect(edited(before, { kind: 'create', flag: 'b', definition })).toBe(after);
    expect(edited(after, { kind: 'remove', flag: 'b' })).toBe(before);
  });

  it('keeps what this version cannot read, and writes over none of it', () => {
    const text =
      '{"schemaVersion":1,"flags":{"new":{"status":"purple"},"a":{"status":"enabled"}},"segments":{"s":{"why":1}}}';
    expect(edited(text, { kind: 'turnOff', flag: 'a' })).toBe(text.replace('enabled', 'disabled'));
    expect(edited(text, { kind: 'remove', flag: 'new' })).toBe(text.replace('"new":{"status":"purple"},', ''));
    expect(editText(text, { instructions: [{ kind: 'createSegment', segment: 's', definition: {} }] })).toMatchObject({
      ok: false,
      problems: [{ reason: 'cannot', path: '$.segments.s', instruction: 0 }],
    });
  });

  it('is refused as a document is, and says what is wrong with a text that is none', () => {
    expect(editText(BY_HAND, { instructions: [{ kind: 'turnOff', flag: 'b' }] })).toMatchObject({
      problems: [{ reason: 'gone', path: '$.flags.b' }],
    });
    expect(editText('{"schemaVersion":1,', { instructions: [] })).toMatchObject({
      problems: [{ reason: 'invalid', path: 'line 1, column 20' }],
    });
  });

  it('of a member that is there twice changes the last, which counts', () => {
    const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled","status":"canary"}}}';
    expect(edited(text, { kind: 'setStatus', flag: 'a', status: 'beta' })).toBe(text.replace('canary', 'beta'));
  });
});
