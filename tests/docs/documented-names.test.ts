import { readFileSync } from 'node:fs';
import { METRIC_CATALOG } from '@clarity/flags-core/metrics';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './src/blocks.ts';
import { examples, exampleSources, type Page, pages, read, root, sources } from './src/documents.ts';

const documented: readonly Page[] = [
  ...pages(),
  ...examples(),
  ...['ARCHITECTURE.md', 'CONTRIBUTING.md', 'bench/README.md'].map(read),
];
/** Names in prose that are others': of libraries, and an attribute in an example. */
const FOREIGN = new Set([
  'setContentType',
  'scaleReads',
  'companyId',
  'anonymousId',
  'cpuUsage',
  'parseArgs',
  'typesVersions',
  // Other clients' words for how they are
  'isSynchronized',
  'initialized',
  'HasCachedFlagDataOnly',
  // Jest's, Kubernetes', Nest's and Next's
  'moduleNameMapper',
  'resetModules',
  'mock',
  'afterAll',
  'subPath',
  'emptyDir',
  'UseGuards',
  'createTestingModule',
  'basePath',
  // A flag of workerd, and the namespace of its example
  'nodejs_compat',
  'worker_example',
  // Those that a page on migrating leads away from
  'is_enabled',
  'refresh_async',
  'is_config_stale',
  'get_circuit_breaker_state',
  'clear_cache',
  'get_feature_flag_health',
]);
const packageSources = sources();
/** Every text in the sources that has words, as a pattern of what it can become. */
const texts = packageSources.flatMap(({ text }) =>
  [...text.matchAll(/'([^'\n]* [^'\n]*)'|`([^`]* [^`]*)`/g)].map(([, plain, template = '']) => {
    const parts = (plain ?? template).split(/\$\{[^}]*\}/);
    return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`);
  }),
);

/** Each match of `pattern` that `isThere` does not know, with its page and line. */
function strangers(pattern: RegExp, isThere: (name: string) => boolean): readonly string[] {
  return documented.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(pattern)].flatMap(([whole, name = whole]) =>
          isThere(name) ? [] : [`${path}:${index + 1}: ${name}`],
        ),
      ),
  );
}

describe('the names in the documentation', () => {
  it('are those of scripts, where npm is to run them', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: object };
    expect(strangers(/\bnpm run (?:--\S+ )?(\w[\w:-]*)/g, (name) => Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('are those of variables that the packages read', () => {
    const read = new Set(packageSources.flatMap(({ text }) => text.match(/\bFEATURE_FLAG_[A-Z_]+/g) ?? []));
    expect(read.size).toBeGreaterThan(5);
    expect(strangers(/\bFEATURE_FLAG_[A-Z_]+/g, (name) => read.has(name))).toEqual([]);
  });

  it('are those of metrics in the catalog', () => {
    const known = (name: string): boolean =>
      Object.hasOwn(METRIC_CATALOG, name) || Object.hasOwn(METRIC_CATALOG, name.replace(/_(bucket|count|sum)$/, ''));
    expect(strangers(/\bfeature_flag_[a-z_]+/g, known)).toEqual([]);
  });

  it('are those of functions, methods and options in the sources, where prose quotes one', () => {
    const words = new Set([...packageSources, ...exampleSources()].flatMap(({ text }) => text.match(/\w+/g) ?? []));
    const unknown = documented.flatMap(({ path, text }) => {
      // What its code names is compiled, or run.
      const inCode = new Set(blocksOf({ path, text }).flatMap(({ lines }) => lines.join('\n').match(/\w+/g) ?? []));
      return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => {
        const [, name = ''] = /^(?:await |@)?(?:\w+\.)*([a-z]\w*)(?:\(|$)/i.exec(code) ?? [];
        const isOurs = /[a-z][A-Z]|[a-z]_[a-z]|\(/.test(code) && !FOREIGN.has(name);
        return isOurs && name !== '' && !words.has(name) && !inCode.has(name) ? [`${path}: ${code}`] : [];
      });
    });
    expect(unknown).toEqual([]);
  });

  it('are those of log lines that the packages write', () => {
    const lines = documented
      .flatMap(blocksOf)
      .filter(({ language }) => language === 'log')
      .flatMap(({ lines }) => lines);
    const unwritten = lines.filter((line) => {
      const message = /^\[clarity-flags\] (.*?)(?: \{.*)?$/.exec(line)?.[1];
      return message === undefined || !texts.some((text) => text.test(message));
    });
    expect(unwritten).toEqual([]);
  });

  it('are those of headings, where a link leads to one', () => {
    const headings = new Map(documented.map(({ path, text }) => [path, anchorsOf(text)]));
    const wrong = documented.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^):#\s]*)#([^)\s]+)\)/g)].flatMap(([link, target = '', anchor = '']) => {
        const page = target === '' ? path : new URL(target, `file:///${path}`).pathname.slice(1);
        return headings.get(page)?.has(anchor) === false ? [`${path}: ${link}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

it('the index of the guide leads to every page of it', () => {
  const names = documented.flatMap(({ path }) => /^docs\/guide\/(?!README)(.*)$/.exec(path)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !read('docs/guide/README.md').text.includes(`](${name})`))).toEqual([]);
});

describe('the page about writing flags', () => {
  const { text: page } = read('docs/guide/writing-flags.md');
  const { text: types } = read('packages/core/src/document/types.ts');
  // From the document's own types; what decoding adds to them is nobody's to write.
  const written = types.slice(types.indexOf('export type FlagDefinition')).replaceAll(/\/\*\*.*?\*\//gs, '');

  it('names every member of a document', () => {
    const members = new Set([...written.matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name));
    expect(members.size).toBeGreaterThan(30);
    expect([...members].filter((name) => !page.includes(`\`${name}`) && !page.includes(`"${name}"`))).toEqual([]);
  });

  it('names every operator', () => {
    const operators = [...written.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, name = '']) => name);
    expect(operators.length).toBeGreaterThan(15);
    expect(operators.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

/** A page without its blocks of code and its comments. */
function proseOf(text: string): string {
  return text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/<!--[^]*?-->/g, '');
}

/** What a heading is called in addresses: lower case, without punctuation, hyphens for spaces. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
