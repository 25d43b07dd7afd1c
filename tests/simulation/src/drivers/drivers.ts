import type { DriverKind } from './driver.ts';
import { edgeDriver } from './edge-driver.ts';
import { effectDriver } from './effect-driver.ts';

/** The drivers that can be put into the world, by name. */
export const DRIVERS: Readonly<Record<string, DriverKind>> = { effect: effectDriver, edge: edgeDriver };

export const DEFAULT_DRIVER = effectDriver;
