import { readFileSync } from 'node:fs';
import { decodeDocument } from '@clarity/flags-core/document';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './src/blocks.ts';
import { pages, root } from './src/documents.ts';
import { programsOf } from './src/programs.ts';
import { typeCheck } from './src/type-check.ts';

const documented = pages();
const blocks = documented.flatMap(blocksOf);

describe('the code in the documentation', () => {
  it('is marked by a language that is checked here, or that nobody can check', () => {
    const known = new Set(['json', 'log', 'sh', 'ts', 'tsx', 'yaml', '']);
    expect(blocks.filter(({ language }) => !known.has(language)).map(({ page, line }) => `${page}:${line}`)).toEqual(
      [],
    );
  });

  it('compiles against the packages of this repository', () => {
    const programs = documented.flatMap((page) => programsOf(blocksOf(page)));
    expect(programs.length).toBeGreaterThan(30);
    expect(typeCheck(programs)).toEqual([]);
  }, 60_000);

  it('is a flag document where it looks like one', () => {
    const validate = new Ajv2020({ strict: false, allErrors: false }).compile(
      JSON.parse(readFileSync(`${root}packages/core/schema/flags.schema.json`, 'utf8')) as object,
    );
    const documents = blocks
      .filter(({ language }) => language === 'json')
      .map(({ page, line, lines }) => ({ place: `${page}:${line}`, text: lines.join('\n') }))
      .filter(({ text }) => text.includes('"schemaVersion"'));
    expect(documents.length).toBeGreaterThan(5);
    const wrong = documents.flatMap(({ place, text }) => {
      const decoded = decodeDocument(text);
      if (!decoded.ok) return decoded.problems.map(({ message }) => `${place}: ${message}`);
      if (!validate(JSON.parse(text))) return [`${place}: the schema says ${JSON.stringify(validate.errors?.[0])}`];
      return decoded.setAside.map(({ flagKey }) => `${place}: ${flagKey} is set aside`);
    });
    expect(wrong).toEqual([]);
  });
});
