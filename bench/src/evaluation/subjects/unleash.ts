// unleash-client: features given as a bootstrap; no fetching, no metrics, nothing kept on disk.
import { once } from 'node:events';
import { type Context, InMemStorageProvider, Unleash } from 'unleash-client';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

export const unleash: Subject = {
  write: (flags) => JSON.stringify(flags.map(featureOf)),

  contextFor: ({ id, country, version, email }) => ({ userId: id, properties: { country, version, email } }),

  async load(text): Promise<Loaded> {
    const client = new Unleash({
      url: 'http://127.0.0.1:1/api',
      appName: 'bench',
      refreshInterval: 0,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      storageProvider: new InMemStorageProvider(),
      bootstrap: { data: JSON.parse(text) },
    });
    await once(client, 'ready');
    const keys = client.getFeatureToggleDefinitions().map(({ name }) => name);
    return {
      isEnabled: (key, context) => client.isEnabled(key, context as Context, false),
      orElse: (key, context, fallback) => client.isEnabled(key, context as Context, fallback),
      // There is no bulk call.
      all(context) {
        const values: Record<string, boolean> = {};
        for (const key of keys) values[key] = client.isEnabled(key, context as Context, false);
        return values;
      },
      close: () => client.destroy(),
    };
  },
};

function featureOf(flag: Flag): object {
  const rollout = (percentage: number): object => ({
    name: 'flexibleRollout',
    parameters: { rollout: String(percentage), stickiness: 'userId', groupId: flag.key },
  });
  switch (flag.kind) {
    case 'static':
      return { name: flag.key, enabled: flag.on, strategies: [{ name: 'default' }] };
    case 'rollout':
      return { name: flag.key, enabled: true, strategies: [rollout(flag.percentage)] };
    case 'targeted': {
      const constraints = [
        { contextName: 'country', operator: 'IN', inverted: false, values: flag.countries },
        { contextName: 'version', operator: 'SEMVER_GTE', inverted: false, values: [], value: flag.version.join('.') },
        { contextName: 'email', operator: 'STR_ENDS_WITH', inverted: false, values: [flag.emailSuffix] },
      ];
      return { name: flag.key, enabled: true, strategies: [{ ...rollout(flag.percentage), constraints }] };
    }
  }
}
