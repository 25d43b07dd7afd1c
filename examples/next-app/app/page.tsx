import { isFeatureEnabled } from '@clarity/flags-node';
import { cookies } from 'next/headers';

export default async function Page() {
  const userId = (await cookies()).get('user')?.value; // reading it also makes the page one of requests
  return <main>{isFeatureEnabled('new_checkout', { userId }) ? 'new' : 'old'}</main>;
}
