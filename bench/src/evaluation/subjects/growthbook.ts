// @growthbook/growthbook: the multi-user client with a payload given to it.
import { type FeatureDefinition, GrowthBookClient, type UserContext } from '@growthbook/growthbook';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

export const growthbook: Subject = {
  write: (flags) => JSON.stringify({ features: Object.fromEntries(flags.map((flag) => [flag.key, featureOf(flag)])) }),

  contextFor: (user) => ({ attributes: { ...user } }),

  async load(text): Promise<Loaded> {
    const client = new GrowthBookClient().initSync({ payload: JSON.parse(text) });
    const keys = Object.keys(client.getFeatures());
    return {
      isEnabled: (key, context) => client.isOn(key, context as UserContext),
      orElse: (key, context, fallback) => client.getFeatureValue(key, fallback, context as UserContext),
      // There is no bulk call.
      all(context) {
        const values: Record<string, unknown> = {};
        for (const key of keys) values[key] = client.isOn(key, context as UserContext);
        return values;
      },
      reload: (next) => client.setPayload(JSON.parse(next)),
      close: () => client.destroy(),
    };
  },
};

function featureOf(flag: Flag): FeatureDefinition {
  switch (flag.kind) {
    case 'static':
      return { defaultValue: flag.on };
    case 'rollout':
      return {
        defaultValue: false,
        rules: [{ force: true, coverage: flag.percentage / 100, hashAttribute: 'id', hashVersion: 2 }],
      };
    case 'targeted': {
      const condition = {
        country: { $in: [...flag.countries] },
        version: { $vgte: flag.version.join('.') },
        email: { $regex: `${flag.emailSuffix.replaceAll('.', '\\.')}$` },
      };
      return {
        defaultValue: false,
        rules: [{ condition, force: true, coverage: flag.percentage / 100, hashAttribute: 'id', hashVersion: 2 }],
      };
    }
  }
}
