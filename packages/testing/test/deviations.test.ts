import { type ContractCheck, ContractViolation, sourceChecks, withDeviations } from '@clarity/flags-testing/checks';
import { describe, expect, it } from 'vitest';
import { sourceHarness } from './memory-harness.ts';

const passing: ContractCheck = { name: 'keeps it', run: async () => undefined };
const failing: ContractCheck = {
  name: 'breaks it',
  run: async () => {
    throw new ContractViolation('broken');
  },
};

function only(checks: readonly ContractCheck[]): ContractCheck {
  const [check] = checks;
  if (check === undefined) throw new Error('there is no check');
  return check;
}

describe('a declared deviation', () => {
  it('passes while the check fails, and says so in its name', async () => {
    const check = only(withDeviations([failing], { 'breaks it': 'the store has no clock' }));
    expect(check.name).toBe('breaks it (deviates: the store has no clock)');
    await expect(check.run()).resolves.toBeUndefined();
  });

  it('fails once the check passes, so that it is removed', async () => {
    const check = only(withDeviations([passing], { 'keeps it': 'it used not to' }));
    await expect(check.run()).rejects.toThrow('remove the declaration');
  });

  it('must name a check and give a reason', () => {
    expect(() => withDeviations([passing], { 'keeps them': 'a reason' })).toThrow(
      'names no check; there are: keeps it',
    );
    expect(() => withDeviations([passing], { 'keeps it': ' ' })).toThrow('has no reason');
  });

  it('leaves the other checks alone, also one that is named like a prototype member', async () => {
    const constructor: ContractCheck = { ...failing, name: 'constructor' };
    const checks = withDeviations([constructor, failing], { 'breaks it': 'a reason' });
    await expect(only(checks).run()).rejects.toThrow('broken');
  });
});

describe('a fault', () => {
  it('that the harness neither has nor calls impossible fails its checks', async () => {
    const { open } = sourceHarness();
    const checks = sourceChecks({ open: async () => ({ ...(await open()), faults: {} }) });
    const check = checks.filter(({ name }) => name.startsWith('a store that is down'));
    await expect(only(check).run()).rejects.toThrow('the harness has no fault "down"');
  });

  it('that is impossible has its checks left out', () => {
    const names = sourceChecks(sourceHarness()).map(({ name }) => name);
    expect(names.filter((name) => name.includes('gone'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
