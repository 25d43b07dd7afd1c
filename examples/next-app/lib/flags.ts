import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { fetchSource } from '@clarity/flags-fetch';
import bootstrap from '@/flags.json';

export const flags = createEdgeFlagClient({
  source: fetchSource({ url: process.env.FLAGS_URL ?? 'http://127.0.0.1:8080/flags.json' }),
  bootstrap,
});
