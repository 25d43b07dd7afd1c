import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../scripts/drawn-tests.ts';
import { drawHistory } from './src/draw-history.ts';
import type { DriverKind } from './src/drivers/driver.ts';
import { edgeDriver } from './src/drivers/edge-driver.ts';
import { effectDriver } from './src/drivers/effect-driver.ts';
import { runHistories } from './src/run-histories.ts';
import { simulate } from './src/simulate.ts';

/** Any number will do: every commit has lived through these. */
const FIXED_SEED = 20_261_122;

describe.each([
  { driver: effectDriver, histories: 1_000, drawn: sized(200, 10_000) },
  { driver: edgeDriver, histories: 300, drawn: sized(100, 10_000) },
])('the $driver.name driver', ({ driver, histories, drawn }) => {
  it(`keeps every invariant in ${histories} histories`, async () => {
    const { failure } = await runHistories({ seed: FIXED_SEED, histories, driver });
    expect(failure?.report).toBeUndefined();
  });

  it(`keeps every invariant in ${drawn} histories from the seed of the run`, async () => {
    const seed = runSeed();
    console.log(`simulated: npm run simulate -- --seed ${seed} --histories ${drawn} --driver ${driver.name}`);
    const { failure } = await runHistories({ seed, histories: drawn, driver });
    expect(failure?.report).toBeUndefined();
  });
});

describe('the simulation', () => {
  it('lives through the same history each time it is given the same seed', async () => {
    for (const seed of [3, 14, 159]) {
      const once = await simulate(drawHistory(seed), effectDriver, { journal: true });
      const again = await simulate(drawHistory(seed), effectDriver, { journal: true });
      expect(once.journal?.lines.length).toBeGreaterThan(5);
      expect(again.journal?.lines).toEqual(once.journal?.lines);
    }
  });

  it('shrinks a history that breaks an invariant, and says how to see it again', async () => {
    // Loses the second request of those that are asked for.
    const make: DriverKind['make'] = (parts) => {
      const driver = effectDriver.make(parts);
      let asked = 0;
      return { ...driver, refresh: (force) => (++asked === 2 ? new Promise(() => {}) : driver.refresh(force)) };
    };
    const { failure } = await runHistories({ seed: 2, histories: 100, driver: { ...effectDriver, make } });
    expect(failure?.invariant).toBe('every refresh is answered within two deadlines');
    // One action that asks twice, or two that ask once: it takes no more.
    expect(failure?.shrunk.actions.length).toBeLessThanOrEqual(2);
    expect(failure?.shrunk.actions.every(({ kind }) => kind === 'refresh')).toBe(true);
    expect(failure?.report).toContain(`npm run simulate -- --seed ${failure?.seed} --histories 1`);
  });
});
