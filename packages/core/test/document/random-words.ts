/** Names, keys and values that also hold what has broken flag systems. */
export const KEYS = ['a', 'u1', '7', 'Zoë', '用户', '👩‍⚕️', '__proto__', 'constructor', 'a b', '\ud800', ''] as const;
export const ATTRIBUTES = [
  'country',
  'plan',
  'version',
  'age',
  'ip',
  'at',
  'tags',
  'user.plan',
  'targetingKey',
  'userId',
  'constructor',
  '__proto__',
] as const;
export const TEXTS = [
  '',
  'DE',
  'de',
  'pro',
  'a@example.com',
  '1.2.3',
  '1.2.3-rc.1',
  '10.1.2.3',
  '2026-11-30T09:00:00Z',
  'constructor',
] as const;
export const NAMES = ['on', 'off', 'third', '__proto__', 'constructor', 'toString'] as const;
export const INSTANTS = [
  '2026-01-01T00:00:00Z',
  '2026-06-01T00:00:00+02:00',
  '2026-11-30T09:00:00.250Z',
  '2027-01-01T00:00Z',
] as const;
export const VERSIONS = ['0.0.1', '1.2.3', '1.2.3-rc.1', '10.0.0+build.5'] as const;
export const NETWORKS = ['10.0.0.0/8', '2001:db8::/32', '::1', '192.168.1.1'] as const;
export const PATTERNS = ['^a+$', '(x|y)*z', '[a-z]{2,3}@', '\\d+\\.\\d+', ''] as const;
