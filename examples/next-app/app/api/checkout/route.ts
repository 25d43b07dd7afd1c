import { flags } from '@/lib/flags';
import { after } from 'next/server';

export const runtime = 'edge'; // in Next 15; Next 16 calls it deprecated: without this line it runs on Node

export async function GET(request: Request): Promise<Response> {
  flags.revalidate({ waitUntil: after });
  await flags.ready(); // waits only for the first flags, a second at most
  const userId = request.headers.get('x-user-id') ?? undefined;
  return Response.json({ checkout: flags.isEnabled('new_checkout', { userId }) ? 'new' : 'old' });
}
