import type { MakeDriver } from './driver.ts';
import { effectDriver } from './effect-driver.ts';

/** The drivers that can be put into the world, by name. */
export const DRIVERS = { effect: effectDriver } as const satisfies Readonly<Record<string, MakeDriver>>;

export const DEFAULT_DRIVER = 'effect';
