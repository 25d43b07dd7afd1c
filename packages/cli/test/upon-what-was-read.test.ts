// What is made of a document is published upon that document: what lands in between is never overwritten.
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from '@clarity/flags-node';
import { expect, it } from 'vitest';
import { readHeld } from '../src/commands/held.ts';
import { publish } from '../src/commands/publish.ts';
import { EXIT } from '../src/outcome.ts';
import type { Call } from '../src/verb.ts';
import { DOCUMENT, store } from './cli-run.ts';

it('F73 a text that was made of an older document is a conflict, and changes nothing', async () => {
  const opened = await connect(store);
  const never = new AbortController().signal;
  const held = await readHeld(opened, never);
  const others = JSON.stringify({ ...DOCUMENT, environment: 'production' });
  await writeFile(store, others);
  const call = { words: [], options: { yes: true, actor: 'ada' } } as unknown as Call<{ yes: boolean; actor: string }>;
  const mine = JSON.stringify({ ...DOCUMENT, environment: 'staging' });
  const outcome = await publish(opened, mine, call, (ask) => ask(never), { held });
  expect(outcome.code).toBe(EXIT.conflict);
  expect(await readFile(store, 'utf8')).toBe(others);
  await opened.close();
});
