// Splits by ranges, experiments, layers, holdouts and conditions on buckets and flags, as people break them.
import type { Broken } from './broken.ts';

const flag = (text: string, rest = ''): string =>
  `{\n  "schemaVersion": 1,\n  "flags": {\n    "checkout": ${text}\n  }${rest}\n}\n`;
const serve = (text: string, rest = ''): string => flag(`{ "type": "boolean", "fallthrough": ${text} }`, rest);
const rule = (when: string, what = '"on"', rest = ''): string =>
  flag(`{ "type": "boolean", "rules": [{ "when": ${when}, "serve": ${what} }], "fallthrough": "off" }`, rest);
/** A split by ranges with one arm, and others behind it. */
const split = (ranges: string, rest = '"otherwise": "off"'): string =>
  `{ "kind": "split", "variants": [{ "variant": "on", "ranges": ${ranges} }], ${rest} }`;
const bucket = (members: string): string => rule(`{ "bucket": { ${members} } }`);

const EXPERIMENT = '"experiment": { "id": "one", "phase": 1 }';
const LAYER = ',\n  "layers": { "pages": { "slots": { "one": [[0, 50000]], "two": [[50000, 80000]] } } }';
const HOLDOUT = ',\n  "holdouts": { "all": { "percentage": 5 } }';
/** An experiment of one arm, with more members. */
const experiment = (more: string): string => split('[[0, 5000]]', `"otherwise": "off", ${more}`);

const RANGES: readonly Broken[] = [
  {
    slip: 'ranges that share buckets',
    text: serve(split('[[0, 5000], ¦[4000, 9000]]')),
    told: 'found [4000, 9000], which shares buckets with [0, 5000], allowed: buckets that no other range has; write [5000, 9000], or let [0, 5000] end at 4000',
  },
  {
    slip: 'a range within another one',
    text: serve(split('[[0, 5000], ¦[1000, 2000]]')),
    told: 'take it out, or give the other range fewer buckets',
  },
  { slip: 'a range that ends where it begins', text: serve(split('[[5000, ¦5000]]')), told: 'end at a later bucket' },
  {
    slip: 'a range that ends before it begins',
    text: serve(split('[[9000, ¦5000]]')),
    told: 'found 5000, allowed: more than 9000 and at most 100000, the number of buckets; write the smaller first: [5000, 9000]',
  },
  {
    slip: 'a range that ends after the last bucket',
    text: serve(split('[[0, ¦20]]', '"of": 10, "otherwise": "off"')),
    told: 'write 10, or give a larger "of": it has 10 buckets',
  },
  {
    slip: 'a share for a bucket',
    text: serve(split('[[0, ¦12.5]]')),
    told: 'found 12.5, allowed: an integer from 0 to 1000000; write a bucket, without fractions: where there are 100000, 12.5 % of them are 12500',
  },
  { slip: 'a bucket as text', text: serve(split('[[0, ¦"5000"]]')), told: 'write 5000, without quotes' },
  { slip: 'a bucket below 0', text: serve(split('[[¦-1, 5000]]')), told: 'found -1' },
  {
    slip: 'one range in place of a list',
    text: serve(split('[¦0, 5000]')),
    told: 'put another pair of square brackets around it: [[0, 5000]]',
  },
  { slip: 'a range as an object', text: serve(split('[¦{ "from": 0, "to": 5000 }]')), told: 'write [0, 5000]' },
  { slip: 'a range as text', text: serve(split('[¦"0-5000"]')), told: 'write [0, 5000]' },
  { slip: 'a range without an end', text: serve(split('[¦[0]]')), told: 'write two numbers, such as [0, 5000]' },
  { slip: 'no list of ranges', text: serve(split('¦5000')), told: 'write [[0, 50000]]' },
  {
    slip: 'no list of ranges but one of them',
    text: serve(split('¦{ "from": 0, "to": 5000 }')),
    told: 'write [[0, 5000]]',
  },
  {
    slip: 'an arm without ranges',
    text: serve(
      '{ "kind": "split", "variants": [¦{ "variant": "on" }, { "variant": "off", "ranges": [] }], "otherwise": "off" }',
    ),
    told: 'add "ranges": [[0, 50000]]',
  },
  {
    slip: 'a slip in ranges',
    text: serve('{ "kind": "split", "variants": [{ "variant": "on", ¦"range": [[0, 5000]] }], "otherwise": "off" }'),
    told: 'did you mean "ranges"?',
  },
  {
    slip: 'a slip in ranges, and nothing else that says so',
    text: serve('{ "kind": "split", "variants": [{ "variant": "on", ¦"range": [[0, 5000]] }] }'),
    told: 'did you mean "ranges"?',
  },
  {
    slip: 'no buckets',
    text: serve(split('[]', '"of": ¦0, "otherwise": "off"')),
    told: 'write 1, or a number above it',
  },
  {
    slip: 'too many buckets',
    text: serve(split('[]', '"of": ¦2000000, "otherwise": "off"')),
    told: 'write 1000000, or a number below it',
  },
  {
    slip: 'a number of buckets as text',
    text: serve(split('[]', '"of": ¦"1000", "otherwise": "off"')),
    told: 'write 1000, without quotes',
  },
  {
    slip: 'another word for the number of buckets',
    text: serve(split('[]', '¦"bucketCount": 1000, "otherwise": "off"')),
    told: 'did you mean "of"?',
  },
  {
    slip: 'gaps that get nothing',
    text: serve('¦{ "kind": "split", "variants": [{ "variant": "on", "ranges": [] }] }'),
    told: 'add "otherwise": the variant for all others, such as "off"',
  },
  {
    slip: 'gaps of a rule that get nothing',
    text: rule(
      '{ "attribute": "a", "op": "exists" }',
      '¦{ "kind": "split", "variants": [{ "variant": "on", "ranges": [] }] }',
    ),
    told: '"gaps": "continue" to go on to the next rule',
  },
  {
    slip: 'gaps that get two things',
    text: rule('{ "attribute": "a", "op": "exists" }', `¦${split('[]', '"otherwise": "off", "gaps": "continue"')}`),
    told: 'take "otherwise" out, or "gaps"',
  },
  {
    slip: 'gaps that go on from a fallthrough',
    text: serve(split('[]', '"gaps": ¦"continue"')),
    told: 'found "continue", allowed: otherwise in place of gaps: after the fallthrough comes no other rule; write "otherwise": "off" in its place',
  },
  {
    slip: 'gaps that go on from a fallthrough that has otherwise',
    text: serve(split('[]', '"otherwise": "off", "gaps": ¦"continue"')),
    told: 'take it out',
  },
  {
    slip: 'another word for going on',
    text: rule('{ "attribute": "a", "op": "exists" }', split('[]', '"gaps": ¦"next"')),
    told: 'did you mean "continue"?',
  },
  {
    slip: 'true for going on',
    text: rule('{ "attribute": "a", "op": "exists" }', split('[]', '"gaps": ¦true')),
    told: 'found true, allowed: continue; write "continue"',
  },
  {
    slip: 'another word for otherwise',
    text: serve(split('[]', '¦"else": "off"')),
    told: 'did you mean "otherwise"?',
  },
  {
    slip: 'no arms by ranges',
    text: serve('{ "kind": "split", "variants": ¦[], "otherwise": "off" }'),
    told: 'write [{"variant": "on", "ranges": [[0, 50000]]}]',
  },
  {
    slip: 'arms by ranges that are not there',
    text: serve('¦{ "kind": "split", "otherwise": "off" }'),
    told: 'add "variants": [{"variant": "on", "ranges": [[0, 50000]]}]',
  },
  {
    slip: 'a weight among ranges',
    text: serve(
      '{ "kind": "split", "variants": [{ "variant": "on", "ranges": [[0, 5000]] }, { "variant": "off", "weight": ¦5 }], "otherwise": "off" }',
    ),
    told: 'write "ranges": […] in its place, of buckets that no other arm has',
  },
  {
    slip: 'a weight beside its ranges',
    text: serve(
      '{ "kind": "split", "variants": [{ "variant": "on", "ranges": [[0, 5000]], "weight": ¦5 }], "otherwise": "off" }',
    ),
    told: 'take it out: "ranges" is there already',
  },
  {
    slip: 'weights of an experiment',
    text: serve(
      `{ "kind": "split", "variants": [{ "variant": "on", "weight": ¦1 }, { "variant": "off", "weight": 3 }], ${EXPERIMENT} }`,
    ),
    told: 'write "variants": [{"variant": "on", "ranges": [[0, 25000]]}, {"variant": "off", "ranges": [[25000, 100000]]}], and add "otherwise"',
  },
  {
    slip: 'weights that leave gaps',
    text: serve(
      '{ "kind": "split", "variants": [{ "variant": "on", "weight": ¦1 }, { "variant": "off", "weight": 1 }], "otherwise": "off" }',
    ),
    told: 'take "otherwise" out, or write "variants": [{"variant": "on", "ranges": [[0, 50000]]}',
  },
  {
    slip: 'a hash that is not known',
    text: serve(split('[]', '"otherwise": "off", "hash": ¦"growthbook-2"')),
    told: 'found "growthbook-2", allowed: murmur3; write "murmur3", the only one there is',
  },
  {
    slip: 'a slip in a hash',
    text: serve(split('[]', '"otherwise": "off", "hash": ¦"murmur_3"')),
    told: 'did you mean "murmur3"?',
  },
  {
    slip: 'no unit at all',
    text: serve(split('[]', '"otherwise": "off", "by": ¦[]')),
    told: 'write an attribute such as "userId"',
  },
  {
    slip: 'a unit twice',
    text: serve(split('[]', '"otherwise": "off", "by": ¦["id", "id"]')),
    told: 'name each attribute once',
  },
  {
    slip: 'too many units',
    text: serve(split('[]', '"otherwise": "off", "by": ¦["a", "b", "c", "d", "e", "f", "g", "h", "i"]')),
    told: 'leave at most 8',
  },
];

const EXPERIMENTS: readonly Broken[] = [
  {
    slip: 'an experiment as text',
    text: serve(experiment('"experiment": ¦"one"')),
    told: 'write {"id": "one", "phase": 1}',
  },
  {
    slip: 'an experiment without a phase',
    text: serve(experiment('"experiment": ¦{ "id": "one" }')),
    told: 'add "phase": 1',
  },
  { slip: 'an experiment without an id', text: serve(experiment('"experiment": ¦{ "phase": 1 }')), told: 'add "id"' },
  {
    slip: 'a phase of 0',
    text: serve(experiment('"experiment": { "id": "one", "phase": ¦0 }')),
    told: 'found 0, allowed: an integer from 1; write 1, or a number above it',
  },
  {
    slip: 'another word for a phase',
    text: serve(experiment('"experiment": { "id": "one", ¦"iteration": 1 }')),
    told: 'did you mean "phase"?',
  },
  {
    slip: 'a slip in experiment',
    text: serve(experiment('¦"experimnet": { "id": "one", "phase": 1 }')),
    told: 'did you mean "experiment"?',
  },
  {
    slip: 'a slip in experiment beside weights',
    text: serve(
      '{ "kind": "split", "variants": [{ "variant": "on", "weight": 1 }], ¦"experimnet": { "id": "one", "phase": 1 } }',
    ),
    told: 'did you mean "experiment"?',
  },
  {
    slip: 'an experiment of a flag',
    text: flag(`{ "type": "boolean", ¦${EXPERIMENT}, "fallthrough": "on" }`),
    told: 'it belongs into a split by ranges',
  },
  {
    slip: 'a layer without an experiment',
    text: serve(experiment('"layer": ¦"pages"'), LAYER),
    told: 'add "experiment": {"id": "one", "phase": 1}, or take it out',
  },
  {
    slip: 'a holdout without an experiment',
    text: serve(experiment('"holdout": ¦"all"'), HOLDOUT),
    told: 'add "experiment": {"id": "one-page-2026", "phase": 1}, or take it out',
  },
  {
    slip: 'a slip in the name of a layer',
    text: serve(experiment(`${EXPERIMENT}, "layer": ¦"page"`), LAYER),
    told: 'found "page", allowed: the name of a layer in this document; did you mean "pages"?',
  },
  {
    slip: 'a layer that is not there',
    text: serve(experiment(`${EXPERIMENT}, "layer": ¦"pages"`)),
    told: 'there is no layer: add one, or take this out',
  },
  {
    slip: 'a slip in the name of a holdout',
    text: serve(experiment(`${EXPERIMENT}, "holdout": ¦"al"`), HOLDOUT.replace('all', 'alle')),
    told: 'write "alle", or add a holdout of this name',
  },
  {
    slip: 'another word for a layer',
    text: serve(experiment(`${EXPERIMENT}, ¦"namespace": "pages"`), LAYER),
    told: 'did you mean "layer"?',
  },
  {
    slip: 'a slip in a slot',
    text: serve(experiment('"experiment": { "id": ¦"tow", "phase": 1 }, "layer": "pages"'), LAYER),
    told: 'found "tow", allowed: an experiment with a slot in layer pages: one, two; did you mean "two"?',
  },
  {
    slip: 'a slot that is not there',
    text: serve(experiment('"experiment": { "id": ¦"upsell", "phase": 1 }, "layer": "pages"'), LAYER),
    told: 'write one of "one", "two", or add "upsell": [[…]] to the slots of layer "pages"',
  },
  {
    slip: 'another unit than the layer',
    text: serve(experiment(`${EXPERIMENT}, "by": ¦"sessionId", "layer": "pages"`), LAYER),
    told: 'found "sessionId", allowed: targetingKey, the unit of layer pages; take "by" out',
  },
  {
    slip: 'no unit beside a layer that has one',
    text: serve(
      `¦${experiment(`${EXPERIMENT}, "layer": "pages"`)}`,
      LAYER.replace('{ "slots"', '{ "by": "userId", "slots"'),
    ),
    told: 'add "by": "userId": all experiments of a layer deal by its unit',
  },
  {
    slip: 'a unit beside a layer that has two',
    text: serve(
      experiment(`${EXPERIMENT}, "by": ¦"id", "layer": "pages"`),
      LAYER.replace('{ "slots"', '{ "by": ["id", "deviceId"], "slots"'),
    ),
    told: 'write "by": ["id","deviceId"]',
  },
  {
    slip: 'the salt of the layer',
    text: serve(experiment(`${EXPERIMENT}, "salt": "pages", "layer": ¦"pages"`), LAYER),
    told: 'give the split another "salt", such as "one-arms"',
  },
  {
    slip: 'a layer that is called like the flag',
    text: serve(experiment(`${EXPERIMENT}, "layer": ¦"checkout"`), LAYER.replace('pages', 'checkout')),
    told: 'add "salt": "one-arms" to the split: without one it has that of its flag',
  },
  {
    slip: 'the salt of the holdout',
    text: serve(experiment(`${EXPERIMENT}, "salt": "all", "holdout": ¦"all"`), HOLDOUT),
    told: 'give the split another "salt", such as "one-arms"',
  },
  {
    slip: 'one salt for layer and holdout',
    text: serve(
      experiment(`${EXPERIMENT}, "layer": "pages", "holdout": ¦"all"`),
      LAYER + HOLDOUT.replace('{ "percentage"', '{ "salt": "pages", "percentage"'),
    ),
    told: 'give the holdout "all" another "salt", such as "all-holdout"',
  },
];

const used = experiment(`${EXPERIMENT}, "layer": "pages", "holdout": "all"`);
/** Layers and holdouts of an experiment, as given. */
const layers = (text: string): string => serve(used, `,\n  "layers": ${text}${HOLDOUT}`);
const holdouts = (text: string): string => serve(used, `${LAYER},\n  "holdouts": ${text}`);

const LAYERS: readonly Broken[] = [
  {
    slip: 'slots that share buckets',
    text: layers('{ "pages": { "slots": { "one": [[0, 50000]], "two": [¦[40000, 60000]] } } }'),
    told: 'write [50000, 60000], or let [0, 50000] end at 40000',
  },
  {
    slip: 'a slot beyond the buckets of its layer',
    text: layers('{ "pages": { "of": 100, "slots": { "one": [[0, ¦50000]] } } }'),
    told: 'write 100, or give a larger "of": it has 100 buckets',
  },
  {
    slip: 'a layer without slots',
    text: layers('{ "pages": ¦{} }'),
    told: 'add "slots": {"one-page-2026": [[0, 50000]]}',
  },
  {
    slip: 'slots as a list',
    text: layers('{ "pages": { "slots": ¦["one"] } }'),
    told: 'write {"one-page-2026": [[0, 50000]]}: each slot under the id of its experiment',
  },
  {
    slip: 'a slot that is a number',
    text: layers('{ "pages": { "slots": { "one": ¦50 } } }'),
    told: 'write [[0, 50000]]',
  },
  {
    slip: 'a slot that is one range',
    text: layers('{ "pages": { "slots": { "one": [¦0, 5000] } } }'),
    told: 'put another pair of square brackets around it: [[0, 5000]]',
  },
  {
    slip: 'another word for slots',
    text: layers('{ "pages": { ¦"experiments": { "one": [[0, 50000]] } } }'),
    told: 'did you mean "slots"?',
  },
  {
    slip: 'a salt of a layer that is no text',
    text: layers('{ "pages": { "salt": ¦5, "slots": { "one": [[0, 50000]] } } }'),
    told: 'put it in double quotes',
  },
  {
    slip: 'a layer as a list',
    text: layers('{ "pages": ¦[] }'),
    told: 'write {"slots": {"one-page-2026": [[0, 50000]]}}',
  },
  {
    slip: 'layers as a list',
    text: serve('"on"', ',\n  "layers": ¦[]'),
    told: 'each layer under its name',
  },
  { slip: 'no holdouts at all', text: serve('"on"', ',\n  "holdouts": ¦null'), told: 'each holdout under its name' },
  { slip: 'a holdout without a percentage', text: holdouts('{ "all": ¦{} }'), told: 'add "percentage": 5' },
  { slip: 'a holdout as a number', text: holdouts('{ "all": ¦5 }'), told: 'write {"percentage": 5}' },
  {
    slip: 'a percentage of a holdout as text',
    text: holdouts('{ "all": { "percentage": ¦"5 %" } }'),
    told: 'write 5, without quotes and %',
  },
  {
    slip: 'another word for the percentage of a holdout',
    text: holdouts('{ "all": { ¦"share": 5 } }'),
    told: 'did you mean "percentage"?',
  },
];

const CONDITIONS: readonly Broken[] = [
  {
    slip: 'a bucket without a salt',
    text: rule('{ "bucket": ¦{ "from": 0, "to": 5000 } }'),
    told: 'add "salt": "gate"',
  },
  { slip: 'a bucket without a beginning', text: rule('{ "bucket": ¦{ "salt": "s", "to": 5 } }'), told: 'add "from"' },
  { slip: 'a bucket without an end', text: rule('{ "bucket": ¦{ "salt": "s", "from": 5 } }'), told: 'add "to"' },
  {
    slip: 'a bucket as a number',
    text: rule('{ "bucket": ¦10 }'),
    told: 'write {"salt": "gate", "from": 0, "to": 10000}',
  },
  {
    slip: 'a bucket that ends before it begins',
    text: bucket('"salt": "s", "from": 9000, "to": ¦5000'),
    told: 'change the two: "from": 5000, "to": 9000',
  },
  {
    slip: 'a bucket that ends after the last one',
    text: bucket('"salt": "s", "of": 10, "from": 0, "to": ¦11'),
    told: 'write 10, or give a larger "of"',
  },
  {
    slip: 'a percentage for buckets',
    text: bucket('"salt": "s", ¦"percentage": 25'),
    told: 'write "from": 0, "to": 25000 in its place',
  },
  { slip: 'another word for a salt', text: bucket('¦"seed": "s", "from": 0, "to": 5'), told: 'did you mean "salt"?' },
  {
    slip: 'a slip in bucket',
    text: rule('¦{ "buckt": { "salt": "s", "from": 0, "to": 5 } }'),
    told: 'did you mean "bucket" for "buckt"?',
  },
  {
    slip: 'a condition of no kind',
    text: rule('¦{ "plan": "pro" }'),
    told: 'allowed: a condition with attribute, all, any, not, segment, bucket or flag; write a condition such as',
  },
  {
    slip: 'a condition on a flag that is not there',
    text: rule('{ "flag": ¦"chekout2", "variants": ["on"] }'),
    told: 'did you mean "checkout"?',
  },
  {
    slip: 'a condition on a flag without variants',
    text: '{"schemaVersion": 1, "flags": {"theme": {"type": "string", "variants": {"dark": "d"}, "fallthrough": "dark"}, "a": {"type": "boolean", "rules": [{"when": ¦{"flag": "theme"}, "serve": "on"}], "fallthrough": "off"}}}',
    told: 'add "variants": ["dark"]',
  },
  {
    slip: 'a condition on a variant that the flag has not',
    text: '{"schemaVersion": 1, "flags": {"pricing": {"status": "enabled"}, "a": {"type": "boolean", "rules": [{"when": ¦{"flag": "pricing", "variants": ["onn"]}, "serve": "on"}], "fallthrough": "off"}}}',
    told: 'found "onn", allowed: variants of pricing; did you mean "on"?',
  },
  {
    slip: 'a condition that leads back to its flag',
    text: '{"schemaVersion": 1, "flags": {"a": ¦{"type": "boolean", "rules": [{"when": {"flag": "a", "variants": ["on"]}, "serve": "on"}], "fallthrough": "off"}}}',
    told: 'found "a > a", allowed: no cycle; take one of these references out',
  },
  {
    slip: 'a condition that leads back by a segment',
    text: '{"schemaVersion": 1, "flags": {"a": ¦{"type": "boolean", "rules": [{"when": {"segment": "s"}, "serve": "on"}], "fallthrough": "off"}}, "segments": {"s": {"when": {"flag": "a", "variants": ["on"]}}}}',
    told: 'take one of these references out',
  },
  {
    slip: 'conditions that ask each other too deeply',
    text: `{"schemaVersion": 1, "flags": {${Array.from({ length: 34 }, (_, at) => `"f${at}": ${at === 0 ? '¦' : ''}{"type": "boolean", ${at === 33 ? '' : `"rules": [{"when": {"flag": "f${at + 1}", "variants": ["on"]}, "serve": "on"}], `}"fallthrough": "off"}`).join(', ')}}}`,
    told: 'found "33 levels", allowed: 32 levels of segments and flags within conditions; let conditions ask fewer',
  },
  {
    slip: 'texts that are too long to look for',
    text: flag(
      `¦{ "type": "boolean", "rules": [{ "when": { "attribute": "a", "op": "contains", "value": "${'x'.repeat(50_001)}" }, "serve": "on" }], "fallthrough": "off" }`,
    ),
    told: 'allowed: at most 50000 in one entry; shorten patterns and lists of texts, or use startsWith, endsWith or in',
  },
];

export const BROKEN_EXPERIMENTS: readonly Broken[] = [...RANGES, ...EXPERIMENTS, ...LAYERS, ...CONDITIONS];

const two = (first: string, second: string, rest = ''): string =>
  `{"schemaVersion": 1, "flags": {"a": {"type": "boolean", "fallthrough": ${first}}, "b": {"type": "boolean", "fallthrough": ${second}}}${rest}}`;

export const DOUBTFUL_EXPERIMENTS: readonly Broken[] = [
  {
    slip: 'a layer that nobody uses',
    text: serve('"on"', ', "layers": { ¦"pages": { "slots": { "one": [[0, 5]] } } }'),
    told: 'no experiment uses this layer; name it beside one, "layer": "pages", or take it out',
  },
  {
    slip: 'a holdout that nobody uses',
    text: serve('"on"', ', "holdouts": { ¦"all": { "percentage": 5 } }'),
    told: '"holdout": "all"',
  },
  {
    slip: 'an empty layer',
    text: serve('"on"', ', "layers": { "pages": { ¦"slots": {} } }'),
    told: 'no slot of this layer has buckets',
  },
  {
    slip: 'a layer of empty slots',
    text: serve(experiment(`${EXPERIMENT}, "layer": "pages"`), ', "layers": { "pages": { ¦"slots": { "one": [] } } }'),
    told: 'it lets nobody into an experiment',
  },
  {
    slip: 'an experiment of nobody',
    text: serve(
      `{ "kind": "split", "variants": ¦[{ "variant": "on", "ranges": [] }], "otherwise": "off", ${EXPERIMENT} }`,
    ),
    told: 'nobody takes part',
  },
  {
    slip: 'one experiment in two phases',
    text: two(experiment(EXPERIMENT), experiment(EXPERIMENT.replace('1', '¦2'))),
    told: '$.flags.b.fallthrough.experiment.phase: this experiment is in phase 1 in flag "a"; write 1, or give this one an "id" of its own',
  },
  {
    slip: 'one experiment in two layers',
    text: two(
      experiment(`${EXPERIMENT}, "layer": "x"`),
      experiment(`${EXPERIMENT}, "layer": ¦"y"`),
      ', "layers": {"x": {"slots": {"one": [[0, 5]]}}, "y": {"slots": {"one": [[0, 5]]}}}',
    ),
    told: 'this experiment is in layer "x" in flag "a"; write the same layer in both',
  },
  {
    slip: 'one experiment in a layer and in none',
    text: two(
      experiment(`${EXPERIMENT}, "layer": "x"`),
      experiment(EXPERIMENT.replace('"one"', '¦"one"')),
      ', "layers": {"x": {"slots": {"one": [[0, 5]]}}}',
    ),
    told: 'this experiment is in layer "x" in flag "a"',
  },
  {
    slip: 'a slip in layers',
    text: serve('"on"', ', ¦"layer": { "pages": { "slots": { "one": [[0, 5]] } } }'),
    told: 'did you mean "layers"?',
  },
];

/** What is fine as it stands, and looks as if it was not. */
export const FINE: readonly string[] = [
  // A slot that waits for its experiment.
  serve(used, LAYER + HOLDOUT),
  // Two splits of one salt: they deal alike, as somebody wants them to.
  two(experiment(`${EXPERIMENT}, "salt": "s"`), split('[[0, 5000]]', '"otherwise": "off", "salt": "s"')),
  // One experiment in two flags.
  two(experiment(EXPERIMENT), experiment(EXPERIMENT)),
];
