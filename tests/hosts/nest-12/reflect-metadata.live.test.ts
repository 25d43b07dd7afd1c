// oxlint-disable-next-line import/no-unassigned-import -- it adds to Reflect
import 'reflect-metadata';
import { describe } from 'vitest';
import { testMetadata } from './metadata-suite.ts';

describe('F64 a guarded method has the metadata of its function, by reflect-metadata 0.2', () => {
  testMetadata(true);
});
