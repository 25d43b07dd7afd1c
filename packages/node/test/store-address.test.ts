import { describe, expect, it } from 'vitest';
import { parseStoreAddress, StoreAddressError } from '../src/store-address.ts';

describe('a store address', () => {
  it.each([
    ['flags.json', { kind: 'file', path: 'flags.json' }],
    ['./conf/flags.json', { kind: 'file', path: './conf/flags.json' }],
    ['file:flags.json', { kind: 'file', path: 'flags.json' }],
    ['file:///etc/my%20flags.json', { kind: 'file', path: '/etc/my flags.json' }],
    ['C:\\flags.json', { kind: 'file', path: 'C:\\flags.json' }],
    ['D:/sites/me@home/flags.json', { kind: 'file', path: 'D:/sites/me@home/flags.json' }],
    ['node_modules/@shop/flags.json', { kind: 'file', path: 'node_modules/@shop/flags.json' }],
    ['/etc//flags.json', { kind: 'file', path: '/etc//flags.json' }],
    ['file:a:b@c.json', { kind: 'file', path: 'a:b@c.json' }],
    ['redis://host:6379/2?namespace=shop', { kind: 'redis', url: 'redis://host:6379/2', namespace: 'shop' }],
    ['redis://host?family=0&ssl_cert_reqs=none', { kind: 'redis', url: 'redis://host', namespace: undefined }],
    ['redis://host:6379/0?name=a@b', { kind: 'redis', url: 'redis://host:6379/0', namespace: undefined }],
    ['rediss://u:p@host/1?client=a@b&namespace=shop', { kind: 'redis', url: 'rediss://u:p@host/1', namespace: 'shop' }],
    ['redis://host?name=a%40b', { kind: 'redis', url: 'redis://host', namespace: undefined }],
    ['rediss://u:p@host', { kind: 'redis', url: 'rediss://u:p@host', namespace: undefined }],
    [
      'postgres://u:p%40ss@host:5433/shop?sslmode=require&schema=flags&namespace=web&pgbouncer=true',
      {
        kind: 'postgres',
        url: 'postgres://u:p%40ss@host:5433/shop?sslmode=require',
        schema: 'flags',
        namespace: 'web',
      },
    ],
    [
      'postgresql://host/shop',
      { kind: 'postgres', url: 'postgresql://host/shop', schema: undefined, namespace: undefined },
    ],
    [
      'postgres://u:p@host/shop?application_name=a@b',
      { kind: 'postgres', url: 'postgres://u:p@host/shop', schema: undefined, namespace: undefined },
    ],
    [
      'ssm:/shop/flags?layout=single&region=eu-central-1&label=stable',
      { kind: 'ssm', path: '/shop/flags', layout: 'single', region: 'eu-central-1', label: 'stable' },
    ],
    ['ssm:///shop/flags', { kind: 'ssm', path: '/shop/flags', layout: 'chunked', region: undefined, label: undefined }],
    [
      'upstash://:to%3Dken@eu1.upstash.io?namespace=shop',
      { kind: 'upstash', url: 'https://eu1.upstash.io', token: 'to=ken', namespace: 'shop' },
    ],
    [
      'upstash://eu1.upstash.io',
      { kind: 'upstash', url: 'https://eu1.upstash.io', token: undefined, namespace: undefined },
    ],
  ])('%s', (address, parsed) => {
    expect(parseStoreAddress(address)).toEqual(parsed);
  });

  it('of the web is an https source', () => {
    expect(parseStoreAddress('https://cdn.example/flags.json')).toMatchObject({ kind: 'https' });
  });

  it.each([
    ['', /^the store address is empty; allowed is file:flags.json/],
    ['mongodb://u:hunter2@host/flags', /is one of the scheme "mongodb:"; allowed is/],
    ['redis://u:hunter2@:::', /makes no URL; allowed is/],
    ['ssm:/shop?layout=torn', /is one with the layout "torn"; allowed is one of chunked, single, per-flag/],
    ['ssm:', /is one of ssm: without a path/],
    [
      'file:///etc/100%.json',
      /is one with a percent sign in file:\/\/\/etc\/100%\.json .*; allowed is .* %25 for the sign itself/,
    ],
    ['file:///etc/%ff.json', /is one with a percent sign in file:\/\/\/etc\/%ff\.json/],
    ['redis://flags:1#hunter2@host', /is a redis: address with a # or \? before its @.*%23 and %3F/],
    ['rediss://flags:1?hunter2@host', /is a rediss: address with a # or \? before its @/],
    ['redis://flags:1?a=hunter2@host', /in a password, and %40 for an @ in a parameter/],
    ['redis://flags:1/0?hunter2@host', /with a # or \? before its @/],
    ['redis://flags:1/0?a=b?hunter2@host', /with a # or \? before its @/],
    ['redis://flags:1/?a=hunter2@host', /with a # or \? before its @/],
    ['redis://flags:1/hunter2?a=b@host', /with a # or \? before its @/],
    ['postgres://flags:1#hunter2@host/db', /is a postgres: address with a # or \? before its @.*%23 and %3F/],
    ['postgresql://flags:1?hunter2@host/db', /is a postgresql: address with a # or \? before its @/],
    ['postgres://flags:1?a=hunter2@host', /with a # or \? before its @/],
    [
      'postgres://u:hunter2@host/db?namespase=x',
      /with the parameter "namespase"; allowed is schema, namespace, sslmode/,
    ],
    ['postgres://u:hunter2@host/db?shema=x', /with the parameter "shema"/],
    ['redis://flags:1/0?a=b@c#hunter2', /with a # or \? before its @/],
    ['redis://u:1@ss?hunter2@host', /with a # or \? before its @/],
    [
      'redis://host?Namespace=shop',
      /is one of the scheme "redis:" with the parameter "Namespace"; allowed is namespace/,
    ],
    ['redis://host?namepsace=shop', /with the parameter "namepsace"/],
    [
      'ssm:/shop/flags?lable=stable',
      /is one of the scheme "ssm:" with the parameter "lable"; allowed is layout, region, label/,
    ],
    ['ssm:/shop/flags?hunter2@x', /the scheme "ssm:" with the parameter of an unusual name/],
    [
      'upstash://host?token=hunter2',
      /is one of the scheme "upstash:" with the parameter "token"; allowed is namespace/,
    ],
    ['file://host/flags.json', /is one with a host after file:\/\//],
    ['upstash://:hunter2%zz@eu1.upstash.io', /is one with a percent sign in the token of upstash:\/\/eu1\.upstash\.io/],
  ])('%s is refused with what is allowed', (address, message) => {
    expect(() => parseStoreAddress(address)).toThrow(message);
    expect(() => parseStoreAddress(address)).not.toThrow(/hunter2/);
  });

  it.each([
    'rediss//flags:hunter2@redis.internal:6379',
    'redis//hunter2@redis.internal',
    'rediss;//flags:hunter2@redis.internal',
    '//u:hunter2@h',
    '//hunter2@h/flags',
    '/u:hunter2@h',
    ':hunter2@redis.internal:6379',
    'u:hunter2@redis.internal',
    'flags:hunter2@redis.internal:6379',
    'hunter2@redis.internal:6379',
    'hunter2@redis.internal:6379/0',
    'hunter2:@redis.internal',
    'https//hunter2@cdn.example/flags.json',
    'upstash//:hunter2@eu1.upstash.io',
    'postgres//u:hunter2@host',
    'postgresql;//hunter2',
    'file:rediss://flags:hunter2@redis.internal',
    'ssm://u:hunter2@h/flags',
  ])('%s, a mistyped address, is not a path, and refused without being shown', (address) => {
    expect(() => parseStoreAddress(address)).toThrow(
      /^the store address is (a text that is like an address|one of ssm: with)/,
    );
    expect(() => parseStoreAddress(address)).not.toThrow(/hunter2/);
  });

  it('without its colon is refused even where it holds no password', () => {
    expect(() => parseStoreAddress('redis//redis.internal:6379')).toThrow(/redis:\/\/host:6379.*begins with file:/);
  });

  it.each([undefined, null, 5, {}])('that is %j is refused as one', (address) => {
    expect(() => parseStoreAddress(address as never)).toThrow(StoreAddressError);
    expect(() => parseStoreAddress(address as never)).toThrow(
      /^the store address is (missing|null|of type \w+|an array); allowed is/,
    );
  });
});
