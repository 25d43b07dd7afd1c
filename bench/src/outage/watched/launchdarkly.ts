// LaunchDarkly, over its stream: `initialized()`.
import { init } from '@launchdarkly/node-server-sdk';
import { launchdarkly as subject } from '../../evaluation/subjects/launchdarkly.ts';
import { FLAG, type Watchable } from '../watched.ts';

export const launchdarkly: Watchable = {
  routes: () => ({
    '/all': {
      text: `event: put\ndata: {"path":"/","data":${JSON.stringify({ segments: {}, ...JSON.parse(subject.write([FLAG])) })}}\n\n`,
      type: 'text/event-stream',
      heartbeat: ':\n',
    },
  }),

  async follow(url) {
    const client = init('sdk-outage', {
      baseUri: url,
      streamUri: url,
      eventsUri: url,
      sendEvents: false,
      diagnosticOptOut: true,
    });
    await client.waitForInitialization({ timeout: 10 });
    return {
      says: () => (client.initialized() ? 'initialized' : 'not initialized'),
      isEnabled: () => client.boolVariation(FLAG.key, { kind: 'user', key: 'u1' }, false),
      close: () => client.close(),
    };
  },
};
