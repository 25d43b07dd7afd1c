import { bearerToken as byToken } from '@clarity/flags-web';
import type { Authorizer } from './authorizer.ts';

/**
 * Lets through requests with `Authorization: Bearer <token>`, compared in constant time. With a list any of them will
 * do, so that a token can be replaced without a gap.
 *
 * @throws {TypeError} when there is none (a variable that is not set), or one cannot stand in the header, or is shorter
 * than 16 or longer than 1,024 characters.
 */
export function bearerToken(token: string | readonly string[] | undefined): Authorizer {
  return byToken(token);
}
