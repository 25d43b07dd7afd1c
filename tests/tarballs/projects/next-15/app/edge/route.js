import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { fileStore } from '@clarity/flags-file';

export const runtime = 'edge';

const source = { name: 'none', read: async () => ({ kind: 'unchanged' }), close: async () => {} };
const bootstrap = { schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } };

export function GET() {
  const flags = createEdgeFlagClient({ source, bootstrap });
  return Response.json({ isOn: flags.isEnabled('new_checkout'), file: typeof fileStore });
}
