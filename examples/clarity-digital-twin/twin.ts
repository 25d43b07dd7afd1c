import { featureFlag } from '@clarity/flags-core';
import { isPatModelV2Enabled, sleepWindow } from './flags.ts';

export interface Assessment {
  readonly userId: string;
  readonly model: 'pat-v1' | 'pat-v2';
  readonly days: number;
  readonly maniaRisk: number | null;
}

/** The twin of one person: what their nights say about the days to come. */
export class DigitalTwin {
  readonly userId: string;
  readonly #hoursOfSleep: readonly number[];

  constructor(userId: string, hoursOfSleep: readonly number[]) {
    this.userId = userId;
    this.#hoursOfSleep = hoursOfSleep;
  }

  assess(): Assessment {
    const { userId } = this;
    return {
      userId,
      model: isPatModelV2Enabled(userId) ? 'pat-v2' : 'pat-v1',
      days: Math.min(sleepWindow(userId), this.#hoursOfSleep.length),
      maniaRisk: this.maniaRisk(),
    };
  }

  /** From 0 to 1: how much shorter the nights have become. Null for those for whom it is not on. */
  @featureFlag('mania_risk_analysis', {
    context(this: DigitalTwin) {
      return { userId: this.userId };
    },
    fallback: null,
  })
  maniaRisk(): number | null {
    const nights = this.#hoursOfSleep.slice(-sleepWindow(this.userId));
    const [first = 0, last = 0] = [nights[0], nights.at(-1)];
    return first === 0 ? 0 : Math.round(Math.max(0, 1 - last / first) * 100) / 100;
  }
}
