// @configcat/sdk: offline, with its configuration in a cache; asked through a snapshot, its fastest way.
import { createConsoleLogger, getClient, type IUser, LogLevel, PollingMode } from '@configcat/sdk';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

// The numbers of its configuration format.
const BOOLEAN = 0;
const IS_ONE_OF = 0;
const SEMVER_AT_LEAST = 9;
const ENDS_WITH_ANY_OF = 32;

let clients = 0;

export const configcat: Subject = {
  write: (flags) =>
    JSON.stringify({
      p: { u: 'https://cdn.example.invalid', r: 0, s: 'salt' },
      s: [],
      f: Object.fromEntries(flags.map((flag) => [flag.key, settingOf(flag)])),
    }),

  contextFor: ({ id, country, version, email }) => ({ identifier: id, country, email, custom: { version } }),

  async load(text): Promise<Loaded> {
    // One client for each key: a new one needs a new key.
    const key = `${'bench'.padEnd(22, '0')}/${String(clients++).padStart(22, '0')}`;
    const client = getClient(key, PollingMode.ManualPoll, {
      offline: true,
      cache: { get: () => `${Date.now()}\n"etag"\n${text}`, set() {} },
      logger: createConsoleLogger(LogLevel.Off),
    });
    await client.waitForReady();
    await client.forceRefreshAsync();
    const snapshot = client.snapshot();
    const keys = snapshot.getAllKeys();
    return {
      isEnabled: (name, context) => snapshot.getValue(name, false, context as IUser),
      orElse: (name, context, fallback) => snapshot.getValue(name, fallback, context as IUser),
      // Its bulk call is a promise of a list; asking the snapshot for each flag is faster.
      all(context) {
        const values: Record<string, boolean> = {};
        for (const name of keys) values[name] = snapshot.getValue(name, false, context as IUser);
        return values;
      },
      close: () => client.dispose(),
    };
  },
};

function settingOf(flag: Flag): object {
  const options = (percentage: number): object[] => [
    { p: percentage, v: { b: true }, i: 'on' },
    { p: 100 - percentage, v: { b: false }, i: 'off' },
  ];
  switch (flag.kind) {
    case 'static':
      return { t: BOOLEAN, v: { b: flag.on }, i: 'value' };
    case 'rollout':
      return { t: BOOLEAN, p: options(flag.percentage), v: { b: false }, i: 'off' };
    case 'targeted': {
      const conditions = [
        { u: { a: 'Country', c: IS_ONE_OF, l: flag.countries } },
        { u: { a: 'version', c: SEMVER_AT_LEAST, s: flag.version.join('.') } },
        { u: { a: 'Email', c: ENDS_WITH_ANY_OF, l: [flag.emailSuffix] } },
      ];
      return { t: BOOLEAN, r: [{ c: conditions, p: options(flag.percentage) }], v: { b: false }, i: 'off' };
    }
  }
}
