import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as swagger from '@nestjs/swagger';
import { describe } from 'vitest';
import { testNest } from './nest-suite.ts';

describe('F64 Nest 12 takes a method behind a flag for the method', () => {
  testNest({ common, core, swagger });
});
