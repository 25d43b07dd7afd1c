// Express with the flag routes at its root, on sources' builds: EXPRESS names the version's package.
import { setupFeatureFlags } from '@clarity/flags-express';
import { fileStore } from '@clarity/flags-file';

const { default: express } = await import(process.env.EXPRESS ?? 'express');
const app = express();
const { source, feed } = fileStore({ path: process.env.FLAGS_FILE });
if (process.env.MOUNTED === undefined) {
  await setupFeatureFlags(app, { source, feed, refreshMode: 'both' });
} else {
  // The whole path is in the mount, so that a proxy's rule about it is a rule about the application's name, too.
  const mounted = express();
  await setupFeatureFlags(mounted, {
    source,
    feed,
    refreshMode: 'both',
    prefix: '/flags',
    metricsPrefix: '/feature-flags',
  });
  app.use('/metrics', mounted);
}
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
