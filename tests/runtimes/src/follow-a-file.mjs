// A program as a user writes it: follows a flags file, sees it change, closes. It ends by itself or not at all: there
// is no exit() here. Prints what it saw.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFlagClient } from '@clarity/flags-core';
import { fileStore } from '@clarity/flags-file';

const folder = await mkdtemp(join(tmpdir(), 'clarity-follow-'));
const path = join(folder, 'flags.json');
const write = async (status) => {
  await writeFile(`${path}.new`, JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status } } }));
  await rename(`${path}.new`, path);
};

// A client holds no process open; this program has something to wait for.
const hold = setInterval(() => {}, 1_000);
await write('disabled');
const store = fileStore({ path });
const client = createFlagClient({ source: store.source, feed: store.feed, refreshMode: 'both', variables: false });
await client.ready();
const before = client.isEnabled('new_checkout');

const isOn = new Promise((resolve) => {
  client.on('changed', () => {
    if (client.isEnabled('new_checkout')) resolve();
  });
});
await write('enabled');
await isOn;
const after = client.isEnabled('new_checkout');
const { healthy, refresh_mode } = client.health();

clearInterval(hold);
await client.close();
await store.close();
await rm(folder, { recursive: true });
console.log(JSON.stringify({ before, after, healthy, refresh_mode, closed: client.isEnabled('new_checkout') }));
