import { describe, expect, it } from 'vitest';
import { redisLayout } from '../src/index.ts';

describe('the layout', () => {
  it('has the channel and key that the default names', () => {
    expect(redisLayout()).toEqual({
      namespace: 'feature_flags',
      key: 'feature_flags:document',
      channel: 'feature_flags:config-changed',
      shardChannel: '{feature_flags:document}:feature_flags:config-changed',
      idsKey: 'feature_flags:ids:{feature_flags:document}',
    });
  });

  it('takes another namespace and another channel', () => {
    expect(redisLayout({ namespace: 'shop' })).toMatchObject({ key: 'shop:document', channel: 'shop:config-changed' });
    expect(redisLayout({ namespace: 'shop', channel: 'feature_flags:config-changed' })).toMatchObject({
      key: 'shop:document',
      channel: 'feature_flags:config-changed',
    });
  });

  it.each(['', 'a b', '{tag}', 'é', 'x'.repeat(129), 'line\n', 7 as unknown as string])(
    'refuses the namespace %j and says what is allowed',
    (namespace) => {
      expect(() => redisLayout({ namespace })).toThrow(/namespace is .*letters, digits/);
    },
  );

  it.each(['', 'x'.repeat(257), null as unknown as string])('refuses the channel %j', (channel) => {
    expect(() => redisLayout({ channel })).toThrow(/channel is .*1 to 256/);
  });
});
