import { fileFeed } from '@clarity/flags-file';
import { recordingListener, type RecordingListener } from '@clarity/flags-testing';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileWatch, type WatchDirectory } from '../src/file-watch.ts';
import { remove, temporaryDirectory } from './file-harness.ts';

/** "Editing the file changes the answers within a second." */
const WITHIN_MS = 1_000;

let base: string;
let directory: string;
let path: string;
let version = 0;

beforeEach(async () => {
  base = await temporaryDirectory();
  directory = join(base, 'flags');
  path = join(directory, 'flags.json');
  mkdirSync(directory);
});
afterEach(() => remove(base));

function text(): string {
  version += 1;
  return JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { version } } } });
}

/** How a file may be changed; each is done several times in a row. */
const MANNERS: Readonly<Record<string, { readonly set: () => void; readonly change: (round: number) => void }>> = {
  'written in place': { set: () => writeFileSync(path, text()), change: () => writeFileSync(path, text()) },
  'truncated and then written in pieces': {
    set: () => writeFileSync(path, text()),
    change: () => {
      const file = openSync(path, 'r+');
      ftruncateSync(file);
      for (const letter of text()) writeSync(file, letter);
      closeSync(file);
    },
  },
  'renamed over, as editors do': {
    set: () => writeFileSync(path, text()),
    change: () => {
      writeFileSync(`${path}.swp`, text());
      renameSync(`${path}.swp`, path);
    },
  },
  'moved away and made anew, as editors with backups do': {
    set: () => writeFileSync(path, text()),
    change: () => {
      renameSync(path, `${path}~`);
      writeFileSync(path, text());
    },
  },
  'deleted and made anew': {
    set: () => writeFileSync(path, text()),
    change: () => {
      unlinkSync(path);
      writeFileSync(path, text());
    },
  },
  'a link that is swapped for another': {
    set: () => {
      writeFileSync(join(base, '0.json'), text());
      symlinkSync(join(base, '0.json'), path);
    },
    change: (round) => {
      writeFileSync(join(base, `${round}.json`), text());
      symlinkSync(join(base, `${round}.json`), `${path}.new`);
      renameSync(`${path}.new`, path);
    },
  },
  'written behind a link in another directory': {
    set: () => {
      mkdirSync(join(base, 'elsewhere'));
      writeFileSync(join(base, 'elsewhere', 'real.json'), text());
      symlinkSync(join('..', 'elsewhere', 'real.json'), path);
    },
    change: () => writeFileSync(join(base, 'elsewhere', 'real.json'), text()),
  },
  "Kubernetes' ConfigMap, whose ..data link is swapped and old directory deleted": {
    set: () => {
      mountConfigMap(0);
      symlinkSync(join('..data', 'flags.json'), path);
    },
    change: (round) => {
      mountConfigMap(round);
      rmSync(join(directory, `..${round - 1}`), { recursive: true });
    },
  },
  'a link to the release directory above it': {
    set: () => {
      rmSync(directory, { recursive: true });
      release(0);
    },
    change: (round) => release(round),
  },
};

function mountConfigMap(round: number): void {
  mkdirSync(join(directory, `..${round}`));
  writeFileSync(join(directory, `..${round}`, 'flags.json'), text());
  symlinkSync(`..${round}`, join(directory, '..data_tmp'));
  renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
}

function release(round: number): void {
  mkdirSync(join(base, `release-${round}`));
  writeFileSync(join(base, `release-${round}`, 'flags.json'), text());
  symlinkSync(`release-${round}`, join(base, 'next'));
  renameSync(join(base, 'next'), directory);
}

/** The event's arrival, in milliseconds from now. */
async function hear(listener: RecordingListener, kind: 'notice' | 'down' | 'up', from: number): Promise<number> {
  const begunMs = performance.now();
  await vi.waitFor(() => expect(listener.events.slice(from).map((event) => event.kind)).toContain(kind), {
    timeout: 5_000,
    interval: 5,
  });
  return performance.now() - begunMs;
}

async function quiet(listener: RecordingListener, looksMs: number): Promise<void> {
  for (let before = -1; before !== listener.events.length;) {
    before = listener.events.length;
    await new Promise((resolve) => {
      setTimeout(resolve, looksMs);
    });
  }
}

describe('with events of the file system', () => {
  it.each(Object.entries(MANNERS))('%s is announced within a second, each time', async (_manner, { set, change }) => {
    set();
    // A poll that comes too late to help.
    const feed = fileFeed({ path, pollIntervalMs: 60_000 });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    for (let round = 1; round <= 3; round += 1) {
      const heard = listener.events.length;
      change(round);
      expect(await hear(listener, 'notice', heard)).toBeLessThan(WITHIN_MS);
      await quiet(listener, 60);
    }
    expect(listener.events.every((event) => event.kind === 'notice')).toBe(true);
    await feed.close();
  });
});

describe('without events of the file system, by the poll alone', () => {
  const noEvents: WatchDirectory = () => {
    throw Object.assign(new Error('no space left for watches'), { code: 'ENOSPC' });
  };

  it.each(Object.entries(MANNERS))('%s is announced within a second', async (_manner, { set, change }) => {
    set();
    const listener = recordingListener();
    const watching = new FileWatch(path, 500, listener, noEvents);
    await watching.start();
    change(1);
    expect(await hear(listener, 'notice', 0)).toBeLessThan(WITHIN_MS);
    watching.end();
  });
});

describe('a burst', () => {
  it('F10 of a thousand writes is a few notices', async () => {
    writeFileSync(path, text());
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    for (let n = 0; n < 1_000; n += 1) writeFileSync(path, text());
    await hear(listener, 'notice', 0);
    await quiet(listener, 60);
    expect(listener.events.length).toBeLessThan(20);
    await feed.close();
  });

  it('of writes to neighbours is not a notice', async () => {
    writeFileSync(path, text());
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    for (let n = 0; n < 50; n += 1) appendFileSync(join(directory, 'application.log'), 'a line\n');
    await quiet(listener, 60);
    expect(listener.events).toEqual([]);
    await feed.close();
  });
});

describe('a file that is not there', () => {
  it('is announced when it goes and when it comes', async () => {
    writeFileSync(path, text());
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    unlinkSync(path);
    await hear(listener, 'notice', 0);
    await quiet(listener, 60);
    const heard = listener.events.length;
    writeFileSync(path, text());
    await hear(listener, 'notice', heard);
    expect(listener.events.some((event) => event.kind === 'down')).toBe(false);
    await feed.close();
  });

  it('at the start is announced when it appears', async () => {
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    writeFileSync(path, text());
    expect(await hear(listener, 'notice', 0)).toBeLessThan(WITHIN_MS);
    await feed.close();
  });
});

describe('a directory', () => {
  it('that is deleted is down; made anew it is up, and its changes are announced', async () => {
    writeFileSync(path, text());
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    for (let round = 0; round < 2; round += 1) {
      const before = listener.events.length;
      rmSync(directory, { recursive: true });
      await hear(listener, 'down', before);
      const down = listener.events.find((event) => event.kind === 'down');
      expect(down?.kind === 'down' && down.error).toMatchObject({ reason: 'not-found' });
      expect(down?.kind === 'down' && down.error.message).toContain(
        `cannot watch ${path} in ${directory}: it does not exist`,
      );
      mkdirSync(directory);
      writeFileSync(path, text());
      expect(await hear(listener, 'up', before)).toBeLessThan(WITHIN_MS);
      await quiet(listener, 60);
      const heard = listener.events.length;
      writeFileSync(path, text());
      expect(await hear(listener, 'notice', heard)).toBeLessThan(WITHIN_MS);
      await quiet(listener, 60);
    }
    await feed.close();
  });

  it('that is missing at the start is down, and up once it is there', async () => {
    rmSync(directory, { recursive: true });
    const feed = fileFeed({ path });
    const listener = recordingListener();
    await feed.subscribe(listener, new AbortController().signal);
    await hear(listener, 'down', 0);
    mkdirSync(directory);
    writeFileSync(path, text());
    expect(await hear(listener, 'up', 0)).toBeLessThan(WITHIN_MS);
    await feed.close();
  });
});

it('a poll interval out of range is refused', () => {
  expect(() => fileFeed({ path, pollIntervalMs: 1 })).toThrow(
    'pollIntervalMs is 1; allowed is a whole number from 50 to 60000',
  );
});
