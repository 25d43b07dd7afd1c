import { isFeatureEnabled, setFlagClient } from '@clarity/flags-core';
import { createTestClient, memoryStore } from '@clarity/flags-testing';
import { describeSourceContract } from '@clarity/flags-testing/contracts';
import { expect, test } from 'vitest';

test('a test client answers for the whole process', async () => {
  const flags = createTestClient({ new_checkout: true });
  setFlagClient(flags);
  expect(isFeatureEnabled('new_checkout')).toBe(true);
  await flags.close();
});

test('stores and contracts are there', () => {
  expect(typeof describeSourceContract).toBe('function');
  expect(typeof memoryStore().source.read).toBe('function');
});
