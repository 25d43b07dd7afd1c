import type { Problem } from './types.ts';

export function problemAt(path: string, found: string, allowed: string): Problem {
  return { path, found, allowed, message: `${path}: found ${found}, allowed: ${allowed}` };
}
