// Plays SSM Parameter Store for an example: loaded before it (`node --import`), it points the SDK's variables at a
// stand-in that holds the example's flags.json. It does not keep the process alive.
import { publishWhenSaved } from './publish-when-saved.ts';
import { startSsmServer } from './src/ssm-server.ts';

const ssm = await startSsmServer();
ssm.unref();
await publishWhenSaved(async (value) => {
  ssm.store.put({ name: '/shop/flags', value, type: 'String', overwrite: true }, Date.now());
});
Object.assign(process.env, {
  AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  AWS_REGION: ssm.region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
});
