import { createFlagClientFromEnv } from '@clarity/flags-node';

// Rendered while the application is built.
export default async function Page() {
  const flags = await createFlagClientFromEnv({ variables: {}, refreshMode: 'none' });
  await flags.ready();
  const isOn = flags.isEnabled('new_checkout');
  await flags.close();
  return <p>{`new_checkout is ${isOn ? 'on' : 'off'}`}</p>;
}
