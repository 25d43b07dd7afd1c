// The flags of this platform: every key, type and fallback in one place, and a named question for each.
import { defineFlags, flag, type FlagEvaluations, getFlagClient } from '@clarity/flags-core';

const registry = defineFlags({
  mania_risk_analysis: flag.boolean(),
  pat_model_v2: flag.boolean(),
  // In doubt, strict.
  enhanced_security: flag.boolean(true),
  sleep_window: flag.number(7),
});

/** Asks the client of the process, which main.ts sets. A key that is not in the registry does not compile. */
const flags = registry.of((): FlagEvaluations => getFlagClient());

export const isManiaRiskEnabled = (userId: string): boolean => flags.isEnabled('mania_risk_analysis', { userId });

export const isPatModelV2Enabled = (userId: string): boolean => flags.isEnabled('pat_model_v2', { userId });

export const isEnhancedSecurityEnabled = (): boolean => flags.isEnabled('enhanced_security');

/** Days of sleep that an assessment looks at. */
export const sleepWindow = (userId: string): number => flags.value('sleep_window', { userId });
