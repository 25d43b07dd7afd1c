import { isFeatureEnabled } from '@clarity/flags-node';
import { type NextRequest, NextResponse } from 'next/server';

export const config = { matcher: '/checkout' };

export function proxy(request: NextRequest): NextResponse {
  const userId = request.cookies.get('user')?.value;
  if (!isFeatureEnabled('new_checkout', { userId })) return NextResponse.next();
  const other = request.nextUrl.clone(); // with its query, and below `basePath`
  other.pathname = '/checkout-new';
  return NextResponse.rewrite(other);
}
