// Documents as people break them, each in another way, and what a review has to say: where, and what to type instead.

import type { Broken } from './broken.ts';
import { BROKEN_EXPERIMENTS, DOUBTFUL_EXPERIMENTS } from './broken-experiments.ts';

const flag = (text: string): string => `{\n  "schemaVersion": 1,\n  "flags": {\n    "checkout": ${text}\n  }\n}\n`;
const rule = (when: string): string =>
  flag(`{ "type": "boolean", "rules": [{ "when": ${when}, "serve": "on" }], "fallthrough": "off" }`);
const serve = (text: string): string => flag(`{ "type": "boolean", "fallthrough": ${text} }`);

/** Not JSON. */
const SYNTAX: readonly Broken[] = [
  { slip: 'nothing was saved', text: '¦', told: 'clarity-flags init' },
  {
    slip: 'a comma after the last member',
    text: flag('{ "status": "enabled", ¦}'),
    told: 'take away the comma before }',
  },
  {
    slip: 'a comma after the last element',
    text: flag('{ "status": "beta", "betaUsers": ["u1", ¦] }'),
    told: 'take away the comma before ]',
  },
  { slip: 'two commas', text: flag('{ "status": "enabled",¦, "salt": "x" }'), told: 'take away one of the two commas' },
  {
    slip: 'no comma between members',
    text: flag('{ "status": "enabled" ¦"salt": "x" }'),
    told: 'put a comma before it',
  },
  {
    slip: 'the end is missing',
    text: '{\n  "schemaVersion": 1,\n  "flags": {\n    "a": {"status": "enabled"}¦',
    told: 'close with "}}"',
  },
  { slip: 'a comment', text: flag('{ "status": "enabled" ¦// on\n }'), told: 'no comments' },
  { slip: 'a comment at the top', text: `¦/* flags */ ${flag('{ "status": "enabled" }')}`, told: 'no comments' },
  { slip: 'single quotes', text: flag("{ ¦'status': 'enabled' }"), told: 'straight double quotes' },
  { slip: 'quotes of a text processor', text: flag('{ "status": ¦“enabled” }'), told: 'straight double quotes' },
  { slip: 'a name without quotes', text: flag('{ ¦status: "enabled" }'), told: 'double quotes: "status"' },
  { slip: 'a word without quotes', text: flag('{ "status": ¦enabled }'), told: 'put text in double quotes' },
  {
    slip: 'true of another language',
    text: flag('{ "status": "enabled", "clientVisible": ¦True }'),
    told: 'write true',
  },
  { slip: 'null of another language', text: serve('¦None'), told: 'write null' },
  { slip: 'no colon', text: flag('{ "status" ¦"enabled" }'), told: 'put a colon' },
  { slip: 'an equals sign', text: flag('{ "status" ¦= "enabled" }'), told: 'a colon, :, in place of =' },
  { slip: 'a percent sign', text: flag('{ "status": "canary", "rolloutPercentage": 25¦% }'), told: 'without %' },
  {
    slip: 'a leading zero',
    text: flag('{ "status": "canary", "rolloutPercentage": 0¦5 }'),
    told: 'without plus, leading zeros',
  },
  {
    slip: 'a comma within a number',
    text: flag('{ "status": "canary", "rolloutPercentage": 2¦,5 }'),
    told: 'write a dot, not a comma',
  },
  {
    slip: 'quotes within a text',
    text: flag('{ "status": "enabled", "description": "the "¦new" one" }'),
    told: 'where the quote before it belongs to the text, \\" in its place',
  },
  {
    slip: 'a number that begins with a dot',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦.5 }'),
    told: '0.5',
  },
  {
    slip: 'one backslash in a pattern',
    text: rule('{ "attribute": "plan", "op": "matches", "value": "¦\\d+" }'),
    told: 'two backslashes',
  },
  { slip: 'a line break in a text', text: flag('{ "status": "enabled", "description": "one¦\ntwo" }'), told: '\\n' },
  { slip: 'a bracket too many', text: `${flag('{ "status": "enabled" }')}¦}`, told: 'after the end of the document' },
  { slip: 'the wrong bracket', text: flag('{ "status": "beta", "betaUsers": ["u1"¦} }'), told: 'write ] before }' },
  { slip: 'a value is missing', text: flag('{ "status": ¦}'), told: 'a value is missing' },
  { slip: 'a page of a server', text: '¦<!doctype html><html></html>', told: 'a page' },
  { slip: 'YAML', text: '¦schemaVersion: 1\nflags:\n  checkout:\n    status: enabled\n', told: 'YAML' },
];

/** Of the document around the flags. */
const OUTLINE: readonly Broken[] = [
  { slip: 'a list at the top', text: '¦[]', told: 'write {"schemaVersion": 1, "flags": {…}}' },
  { slip: 'no version', text: '¦{"flags": {"a": {"status": "enabled"}}}', told: 'add "schemaVersion": 1' },
  {
    slip: 'the version as text',
    text: '{"schemaVersion": ¦"1", "flags": {"a": {"status": "enabled"}}}',
    told: 'the number',
  },
  {
    slip: 'a later version',
    text: '{"schemaVersion": ¦2, "flags": {"a": {"status": "enabled"}}}',
    told: '"schemaVersion": 1',
  },
  { slip: 'no flags', text: '{"schemaVersion": 1, "flags": ¦{}}', told: 'add a flag' },
  {
    slip: 'flags without their table',
    text: '¦{"schemaVersion": 1, "checkout": {"status": "enabled"}}',
    told: '"checkout", into "flags"',
  },
  {
    slip: 'a slip in flags',
    text: '¦{"schemaVersion": 1, "flgas": {"a": {"status": "enabled"}}}',
    told: 'did you mean "flags" for "flgas"?',
  },
  {
    slip: 'a slip in the version',
    text: '¦{"schema_version": 1, "flags": {"a": {"status": "enabled"}}}',
    told: 'did you mean "schemaVersion" for "schema_version"?',
  },
  {
    slip: 'flags as a list',
    text: '{"schemaVersion": 1, "flags": ¦[{"status": "enabled"}]}',
    told: 'each flag under its key',
  },
  {
    slip: 'a flag twice',
    text: '{"schemaVersion": 1, "flags": {"a": {"status": "enabled"}, ¦"a": {"status": "disabled"}}}',
    told: 'only the last counts',
  },
  {
    slip: 'a key that is empty',
    text: '{"schemaVersion": 1, "flags": {¦"": {"status": "enabled"}}}',
    told: 'a name between the quotes',
  },
];

/** Of flags in the short form. */
const SHORT: readonly Broken[] = [
  {
    slip: 'a slip in a status',
    text: flag('{ "status": ¦"enabeld" }'),
    told: 'found "enabeld", allowed: enabled, disabled, beta, canary; did you mean "enabled"?',
  },
  { slip: 'another word for a status', text: flag('{ "status": ¦"off" }'), told: 'did you mean "disabled"?' },
  {
    slip: 'a status of no kind',
    text: flag('{ "status": ¦"purple" }'),
    told: 'write one of "enabled", "disabled", "beta", "canary"',
  },
  { slip: 'true for a status', text: flag('{ "status": ¦true }'), told: 'write "enabled"' },
  { slip: 'true for a flag', text: flag('¦true'), told: 'write {"status": "enabled"}' },
  { slip: 'a word for a flag', text: flag('¦"disabled"'), told: 'write {"status": "disabled"}' },
  { slip: 'null for a flag', text: flag('¦null'), told: 'take the flag out' },
  { slip: 'an empty flag', text: flag('¦{}'), told: 'add "status"' },
  {
    slip: 'a slip in a member',
    text: flag('{ "status": "canary", ¦"rolloutPercent": 5 }'),
    told: 'did you mean "rolloutPercentage"?',
  },
  {
    slip: 'another word for a member',
    text: flag('{ "status": "beta", ¦"whitelist": ["u1"] }'),
    told: 'did you mean "betaUsers"?',
  },
  { slip: 'a member of our own', text: flag('{ "status": "enabled", ¦"ticket": "A-1" }'), told: '"metadata"' },
  {
    slip: 'a member twice',
    text: flag('{ "status": "enabled", ¦"status": "disabled" }'),
    told: 'after line 4, column 19',
  },
  {
    slip: 'a percentage as text',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦"25%" }'),
    told: 'write 25, without quotes',
  },
  {
    slip: 'a percentage above 100 as text',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦"250%" }'),
    told: 'write 100 for everyone, or a number below it, without quotes and %',
  },
  {
    slip: 'a percentage just above 100 as text',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦"101" }'),
    told: 'write 100 for everyone',
  },
  {
    slip: 'a percentage below 0 as text',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦"-5" }'),
    told: 'write 0 for nobody',
  },
  {
    slip: 'true under another name',
    text: flag('{ ¦"enabled": true }'),
    told: 'write "status": "enabled" in its place',
  },
  {
    slip: 'two words for one member',
    text: flag('{ "status": "beta", "betaUsers": ["u1"], ¦"whitelist": ["u2"] }'),
    told: 'take it out: "betaUsers" is there already',
  },
  {
    slip: 'a percentage above 100',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦250 }'),
    told: 'found 250',
  },
  {
    slip: 'a percentage below 0',
    text: flag('{ "status": "canary", "rolloutPercentage": ¦-1 }'),
    told: 'write 0 for nobody',
  },
  { slip: 'one user and no list', text: flag('{ "status": "beta", "betaUsers": ¦"u1" }'), told: 'square brackets' },
  {
    slip: 'a user as an object',
    text: flag('{ "status": "beta", "betaUsers": [¦{ "id": "u1" }] }'),
    told: 'keys such as "u1"',
  },
  {
    slip: 'an id that JSON would change',
    text: flag('{ "status": "beta", "betaUsers": [¦12345678901234567890] }'),
    told: 'put it in double quotes',
  },
  {
    slip: 'true as text',
    text: flag('{ "status": "enabled", "clientVisible": ¦"true" }'),
    told: 'write true, without quotes',
  },
  { slip: 'a list for metadata', text: flag('{ "status": "enabled", "metadata": ¦["a"] }'), told: '{"owner": "team"}' },
  {
    slip: 'an instant without a zone',
    text: flag('{ "status": "enabled", "schedule": { "onAt": ¦"2030-01-01T09:00" } }'),
    told: 'write "2030-01-01T09:00Z"',
  },
  {
    slip: 'a day without a time',
    text: flag('{ "status": "enabled", "schedule": { "onAt": ¦"2030-01-01" } }'),
    told: 'write "2030-01-01T00:00:00Z"',
  },
  {
    slip: 'a day that is not there',
    text: flag('{ "status": "enabled", "schedule": { "onAt": ¦"2030-02-30T00:00:00Z" } }'),
    told: 'fewer days',
  },
  {
    slip: 'Unix seconds',
    text: flag('{ "status": "enabled", "schedule": { "onAt": ¦1900000000 } }'),
    told: 'write "2030-03-17T17:46:40Z"',
  },
  {
    slip: 'a slip that is as near to a member that is there',
    text: flag(
      '{ "status": "enabled", "schedule": { "onAt": "2030-01-01T00:00:00Z", ¦"ofAt": "2031-01-01T00:00:00Z" } }',
    ),
    told: 'did you mean "offAt"?',
  },
  {
    slip: 'off before on',
    text: flag(
      '{ "status": "enabled", "schedule": ¦{ "onAt": "2031-01-01T00:00:00Z", "offAt": "2030-01-01T00:00:00Z" } }',
    ),
    told: 'change the two',
  },
  { slip: 'long members in a short flag', text: flag('{ "status": "enabled", ¦"rules": [] }'), told: 'add "type"' },
];

/** Of flags in the long form. */
const LONG: readonly Broken[] = [
  { slip: 'a slip in a type', text: flag('{ "type": ¦"bool", "fallthrough": "on" }'), told: 'did you mean "boolean"?' },
  {
    slip: 'a slip in type itself',
    text: flag('{ ¦"tpye": "string", "variants": { "a": "x" }, "rules": [], "fallthrough": "a" }'),
    told: 'did you mean "type"?',
  },
  { slip: 'a type is missing', text: flag('¦{ "variants": { "on": true }, "fallthrough": "on" }'), told: 'add "type"' },
  {
    slip: 'a type is missing beside enabled',
    text: flag('¦{ "enabled": true, "fallthrough": "on" }'),
    told: 'add "type", such as "boolean"',
  },
  {
    slip: 'a status beside a type',
    text: flag('{ "type": "boolean", ¦"status": "enabled", "fallthrough": "on" }'),
    told: 'found "status"; it belongs to the short form: write "enabled": true in its place',
  },
  {
    slip: 'a status beside a type that says enabled',
    text: flag('{ "type": "boolean", "enabled": true, ¦"status": "enabled", "fallthrough": "on" }'),
    told: 'take it out: "enabled" is there already',
  },
  {
    slip: 'a percentage beside a type',
    text: flag('{ "type": "boolean", ¦"rolloutPercentage": 5, "fallthrough": "off" }'),
    told: '{"variant": "on", "weight": 5}, {"variant": "off", "weight": 95}',
  },
  {
    slip: 'beta users beside a type',
    text: flag('{ "type": "boolean", ¦"betaUsers": ["u1"], "fallthrough": "off" }'),
    told: 'write "targets": [{"variant": "on", "keys": […]}] in its place',
  },
  {
    slip: 'beta users beside targets',
    text: flag('{ "type": "boolean", "targets": [], ¦"betaUsers": ["u1"], "fallthrough": "off" }'),
    told: 'put its users into "targets"',
  },
  { slip: 'no variants', text: flag('¦{ "type": "string", "fallthrough": null }'), told: 'add "variants"' },
  {
    slip: 'variants as a list',
    text: flag('{ "type": "string", "variants": ¦["a", "b"], "fallthrough": null }'),
    told: 'under its name',
  },
  {
    slip: 'a slip in variants',
    text: flag('{ "type": "string", ¦"varaints": { "a": "x" }, "offVariant": "a", "fallthrough": "a" }'),
    told: 'did you mean "variants"?',
  },
  {
    slip: 'a variant of another type',
    text: flag('{ "type": "number", "variants": { "low": ¦"5" }, "fallthrough": "low" }'),
    told: 'write 5, without quotes',
  },
  { slip: 'no fallthrough', text: flag('¦{ "type": "boolean" }'), told: 'add "fallthrough"' },
  {
    slip: 'another word for fallthrough',
    text: flag('{ "type": "boolean", ¦"defaultVariant": "on", "fallthrough": "on" }'),
    told: '"fallthrough" is there already',
  },
  {
    slip: 'a slip in a variant',
    text: flag('{ "type": "string", "variants": { "light": "l", "dark": "d" }, "fallthrough": ¦"drak" }'),
    told: 'found "drak", allowed: a variant of this flag; did you mean "dark"?',
  },
  { slip: 'true for a variant', text: serve('¦true'), told: 'write "on"' },
  { slip: 'false for a variant', text: serve('¦false'), told: 'write "off"' },
  {
    slip: 'an off variant that is not there',
    text: flag('{ "type": "boolean", "offVariant": ¦"nothing", "fallthrough": "on" }'),
    told: 'write one of "on", "off"',
  },
  {
    slip: 'a target of no variant',
    text: flag('{ "type": "boolean", "targets": [{ "variant": ¦"onn", "keys": ["u1"] }], "fallthrough": "on" }'),
    told: 'did you mean "on"?',
  },
  {
    slip: 'a target without keys',
    text: flag('{ "type": "boolean", "targets": [¦{ "variant": "on" }], "fallthrough": "on" }'),
    told: 'add "keys"',
  },
  {
    slip: 'a rule as an object',
    text: flag('{ "type": "boolean", "rules": ¦{}, "fallthrough": "on" }'),
    told: 'write [{"when": {…}, "serve": "on"}]',
  },
  {
    slip: 'then for serve',
    text: flag(
      '{ "type": "boolean", "rules": [{ "when": { "attribute": "a", "op": "exists" }, ¦"then": "on" }], "fallthrough": "on" }',
    ),
    told: 'did you mean "serve"?',
  },
  {
    slip: 'then beside serve',
    text: flag(
      '{ "type": "boolean", "rules": [{ "when": { "attribute": "a", "op": "exists" }, "serve": "on", ¦"then": "on" }], "fallthrough": "on" }',
    ),
    told: 'take it out: "serve" is there already',
  },
  { slip: 'a slip in a status itself', text: flag('{ ¦"staus": "enabled" }'), told: 'did you mean "status"?' },
  {
    slip: 'a rule that serves nothing',
    text: flag(
      '{ "type": "boolean", "rules": [¦{ "when": { "attribute": "a", "op": "exists" } }], "fallthrough": "on" }',
    ),
    told: 'add "serve"',
  },
  {
    slip: 'a slip in a flag that is required',
    text: `{"schemaVersion": 1, "flags": {"pricing": {"status": "enabled"}, "a": {"type": "boolean", "fallthrough": "on", "prerequisites": [{"flag": ¦"pricng", "variants": ["on"]}]}}}`,
    told: 'did you mean "pricing"?',
  },
  {
    slip: 'a variant that the required flag has not',
    text: `{"schemaVersion": 1, "flags": {"pricing": {"status": "enabled"}, "a": {"type": "boolean", "fallthrough": "on", "prerequisites": [¦{"flag": "pricing", "variants": ["onn"]}]}}}`,
    told: 'found "onn", allowed: variants of pricing; did you mean "on"?',
  },
  {
    slip: 'flags that require each other',
    text: `{"schemaVersion": 1, "flags": {"a": {"type": "boolean", "fallthrough": "on", "prerequisites": [{"flag": "b", "variants": ["on"]}]}, "b": ¦{"type": "boolean", "fallthrough": "on", "prerequisites": [{"flag": "a", "variants": ["on"]}]}}}`,
    told: 'take one of these references out',
  },
];

/** Of conditions, and of dealing. */
const RULES: readonly Broken[] = [
  {
    slip: 'a slip in an operator',
    text: rule('{ "attribute": "country", "op": ¦"equal", "value": "CH" }'),
    told: 'did you mean "equals"?',
  },
  {
    slip: 'a sign for an operator',
    text: rule('{ "attribute": "age", "op": ¦">=", "value": 18 }'),
    told: 'did you mean "atLeast"?',
  },
  {
    slip: 'not equal',
    text: rule('{ "attribute": "country", "op": ¦"notEquals", "value": "CH" }'),
    told: '{"not": {…}}',
  },
  {
    slip: 'an operator for a name',
    text: rule('{ "attribute": "country", ¦"equals": "CH" }'),
    told: 'found "equals", allowed: attribute, op, ignoreCase, value; write "op": "equals", "value": … in its place',
  },
  {
    slip: 'a slip in attribute',
    text: rule('¦{ "atribute": "country", "op": "equals", "value": "CH" }'),
    told: '"attribute" for "atribute"',
  },
  {
    slip: 'a slip in not',
    text: rule('¦{ "noot": { "attribute": "country", "op": "exists" } }'),
    told: 'did you mean "not" for "noot"?',
  },
  { slip: 'and for all', text: rule('¦{ "and": [] }'), told: '"all" for "and"' },
  { slip: 'a list of conditions', text: rule('¦[{ "attribute": "a", "op": "exists" }]'), told: '{"all": […]}' },
  {
    slip: 'a comparison that is a list of conditions as well',
    text: rule('{ "attribute": "country", "op": "exists", ¦"all": [] }'),
    told: 'take it out',
  },
  { slip: 'nothing to compare with', text: rule('¦{ "attribute": "country", "op": "equals" }'), told: 'add "value"' },
  {
    slip: 'a list to be equal to',
    text: rule('{ "attribute": "country", "op": "equals", "value": ¦["CH"] }'),
    told: '"op": "in"',
  },
  {
    slip: 'one value to be in',
    text: rule('{ "attribute": "country", "op": "in", "value": ¦"CH" }'),
    told: 'square brackets',
  },
  {
    slip: 'a number as text',
    text: rule('{ "attribute": "age", "op": "atLeast", "value": ¦"18" }'),
    told: 'write 18, without quotes',
  },
  {
    slip: 'half a version',
    text: rule('{ "attribute": "app", "op": "semverAtLeast", "value": ¦"17.5" }'),
    told: 'found "17.5", allowed: a version like 1.2.3; write "17.5.0"',
  },
  {
    slip: 'a network that is none',
    text: rule('{ "attribute": "ip", "op": "inNetwork", "value": ¦"10.0.0.0/40" }'),
    told: 'such as 10.0.0.0/8',
  },
  {
    slip: 'a pattern that looks ahead',
    text: rule('{ "attribute": "plan", "op": "matches", "value": ¦"^(?!free)" }'),
    told: 'without lookaround',
  },
  {
    slip: 'no case of numbers',
    text: rule('{ "attribute": "age", "op": "atLeast", "value": 18, "ignoreCase": ¦true }'),
    told: 'take "ignoreCase" out',
  },
  {
    slip: 'an instant of a condition',
    text: rule('{ "attribute": "since", "op": "before", "value": ¦"1.12.2030" }'),
    told: 'an instant with its zone',
  },
  {
    slip: 'a segment that is not there',
    text: rule('{ "segment": ¦"testers" }'),
    told: 'there is no segment: add one',
  },
  {
    slip: 'a slip in a segment',
    text: '{"schemaVersion": 1, "flags": {"a": {"type": "boolean", "rules": [{"when": {"segment": ¦"tester"}, "serve": "on"}], "fallthrough": "off"}}, "segments": {"testers": {}}}',
    told: 'did you mean "testers"?',
  },
  {
    slip: 'a segment that holds itself',
    text: '{"schemaVersion": 1, "flags": {"a": {"type": "boolean", "rules": [{"when": {"segment": "s"}, "serve": "on"}], "fallthrough": "off"}}, "segments": {"s": ¦{"when": {"segment": "s"}}}}',
    told: 'take one of these references out',
  },
  { slip: 'a slip in a kind', text: serve('{ "kind": ¦"splt", "variants": [] }'), told: 'did you mean "split"?' },
  {
    slip: 'a split as an object',
    text: serve('{ "kind": "split", "variants": ¦{ "on": 50 } }'),
    told: 'write [{"variant": "on", "weight": 50}',
  },
  {
    slip: 'weights of nothing',
    text: serve('{ "kind": "split", "variants": ¦[{ "variant": "on", "weight": 0 }] }'),
    told: 'give a variant a weight',
  },
  {
    slip: 'points that fall',
    text: serve(
      '{ "kind": "ramp", "variant": "on", "otherwise": "off", "curve": "linear", "points": ¦[{ "at": "2030-01-02T00:00:00Z", "percentage": 50 }, { "at": "2030-01-03T00:00:00Z", "percentage": 10 }] }',
    ),
    told: 'only rise',
  },
  {
    slip: 'a ramp without points',
    text: serve('¦{ "kind": "ramp", "variant": "on", "otherwise": "off", "curve": "linear" }'),
    told: 'add "points"',
  },
];

/** Each is refused. */
export const BROKEN: readonly Broken[] = [...SYNTAX, ...OUTLINE, ...SHORT, ...LONG, ...RULES, ...BROKEN_EXPERIMENTS];

/** Clients accept each, and it is most likely not meant. */
export const DOUBTFUL: readonly Broken[] = [
  {
    slip: 'a slip in segments',
    text: '{"schemaVersion": 1, "flags": {"a": {"status": "enabled"}}, ¦"segmets": {}}',
    told: 'did you mean "segments"?',
  },

  {
    slip: 'a schedule that is over',
    text: flag('{ "status": "enabled", "schedule": { "offAt": ¦"2020-01-01T00:00:00Z" } }'),
    told: 'off for everybody',
  },
  {
    slip: 'a schedule that began',
    text: flag('{ "status": "enabled", "schedule": { "onAt": ¦"2020-01-01T00:00:00Z" } }'),
    told: 'take the schedule out',
  },
  { slip: 'a canary without a percentage', text: flag('{ "status": ¦"canary" }'), told: 'add "rolloutPercentage": 5' },
  {
    slip: 'a percentage without a canary',
    text: flag('{ "status": "enabled", "rolloutPercentage": ¦5 }'),
    told: 'write "canary"',
  },
  { slip: 'a beta without users', text: flag('{ "status": ¦"beta" }'), told: 'add "betaUsers"' },
  {
    slip: 'a segment that nobody uses',
    text: '{"schemaVersion": 1, "flags": {"a": {"status": "enabled"}}, "segments": {¦"testers": {}}}',
    told: '{"segment": "testers"}',
  },
  { slip: 'an empty all', text: rule('{ "all": ¦[] }'), told: 'holds for everybody' },
  { slip: 'an empty any', text: rule('{ "any": ¦[] }'), told: 'holds for nobody' },
  {
    slip: 'a flag beside flags',
    text: '{"schemaVersion": 1, "flags": {"a": {"status": "enabled"}}, ¦"checkout": {"status": "enabled"}}',
    told: 'move it into "flags"',
  },
  ...DOUBTFUL_EXPERIMENTS,
];
