/** What publishers tell Parameter Store about what they write. */
export interface SlotOptions {
  readonly type: 'String' | 'SecureString';
  readonly keyId: string | undefined;
  readonly tier: 'Standard' | 'Advanced';
}

/** Bytes that a parameter of the tier holds. */
export function tierLimit(tier: SlotOptions['tier']): number {
  return tier === 'Standard' ? 4_096 : 8_192;
}
