import { describe, expect, it } from 'vitest';
import { pathTable } from '../../src/routing/path-table.ts';

const table = pathTable(
  [
    '/metrics/prometheus',
    '/page/',
    '/flags/{key}',
    '/flags/export',
    '/flags/{flag}/history',
    '/{environment}/export/{what}',
    '/flags/{key}/{at}',
  ].map((pattern) => ({ pattern })),
);

const found = (typed: string) => {
  const hit = table(typed);
  return hit === undefined ? undefined : [hit.path.pattern, hit.parameters];
};

describe('a path', () => {
  it.each([
    ['/metrics/prometheus', '/metrics/prometheus', {}],
    ['/page/', '/page/', {}],
    ['/flags/banner', '/flags/{key}', { key: 'banner' }],
    ['/flags/banner/history', '/flags/{flag}/history', { flag: 'banner' }],
    ['/flags/banner/now', '/flags/{key}/{at}', { key: 'banner', at: 'now' }],
    ['/production/export/flags', '/{environment}/export/{what}', { environment: 'production', what: 'flags' }],
  ])('%s is found by its pattern, with what stands for the names', (typed, pattern, parameters) => {
    expect(found(typed)).toEqual([pattern, parameters]);
  });

  it('is the fixed one where a name would do as well', () => {
    expect(found('/flags/export')).toEqual(['/flags/export', {}]);
  });

  it('is found by a name where the fixed segment leads nowhere', () => {
    expect(found('/flags/export/history')).toEqual(['/flags/{flag}/history', { flag: 'export' }]);
    expect(found('/page/export/x')).toEqual(['/{environment}/export/{what}', { environment: 'page', what: 'x' }]);
  });

  it.each([
    '',
    '/',
    'metrics/prometheus',
    '/x/../metrics/prometheus',
    '/./metrics/prometheus',
    '/%2e/metrics/prometheus',
    '/metrics/%70rometheus',
    '/%6detrics/prometheus',
    '/Metrics/prometheus',
    '/metrics/prometheus/',
    '/metrics//prometheus',
    '//metrics/prometheus',
    '/metrics/prometheus#x',
    '/metrics%2fprometheus',
    '/metrics/prometheus;x',
    String.raw`/x\..\metrics\prometheus`,
    '/page',
    '/flags',
    '/flags/',
    '/flags/banner/',
    '/flags//history',
    '/flags/a/b/c',
    '/flags/constructor/__proto__/x',
    'http://a.test/metrics/prometheus',
  ])('F95 %j is no spelling of any', (typed) => {
    expect(table(typed)).toBeUndefined();
  });
});

describe('F95 a parameter', () => {
  const texts = [
    'a',
    'ä',
    'a/b',
    'a b',
    '%',
    '?',
    '#',
    '\\',
    '...',
    "-_.!~*'()",
    '__proto__',
    '日本',
    '\u0000',
    '😀',
    '%2e',
  ];

  it.each(texts)('%j is taken as encodeURIComponent spells it', (text) => {
    expect(found(`/flags/${encodeURIComponent(text)}`)).toEqual(['/flags/{key}', { key: text }]);
  });

  it.each([
    '%61',
    '%2d',
    'a%2fb',
    'a%5cb',
    '%c3%a4',
    'ä',
    '%zz',
    '%',
    '%ff',
    '%c0%ae',
    '%ed%a0%80',
    '\ud800',
    'a b',
    'a+b%20 ',
    'a;b',
    'a#b',
    'a:b',
    'a@b',
    String.raw`a\b`,
    '.',
    '..',
    '%2e',
    '%2E',
    '.%2E',
    '%2E%2E',
  ])('%j is not found: another spelling of it is, or it is a step in the path', (segment) => {
    expect(table(`/flags/${segment}`)).toBeUndefined();
  });

  it('whose name is one of the language’s own objects is a parameter like any other', () => {
    const { parameters } = pathTable([{ pattern: '/{constructor}' }])('/x') ?? {};
    expect(parameters).toEqual({ constructor: 'x' });
  });
});

it.each([
  '',
  'flags',
  '/flags//x',
  '/../x',
  '/.well-known',
  '/a b',
  '/ä',
  '/a%20b',
  '/{}',
  '/{a}b',
  '/a{b}',
  '/{__proto__}',
  '/x?y',
  '/{a-b}',
])('the pattern %j is refused, with what is allowed', (pattern) => {
  expect(() => pathTable([{ pattern }])).toThrow(
    /the pattern of a route is .*; allowed is a path of segments .*'\/flags\/\{key\}'/,
  );
});

it.each([
  [['/a', '/a'], 'two routes answer the same path, /a and /a'],
  [['/flags/{key}', '/flags/{flag}'], 'two routes answer the same path, /flags/{key} and /flags/{flag}'],
  [['/{a}/{a}'], 'the pattern /{a}/{a} has one name twice'],
])('the patterns %j are refused', (patterns, message) => {
  expect(() => pathTable(patterns.map((pattern) => ({ pattern })))).toThrow(message);
});
