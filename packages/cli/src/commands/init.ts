import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { select } from '../select.ts';
import { shellWord } from '../shell-word.ts';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import type { Call } from '../verb.ts';
import { type InitOptions, type ProgramKind, PROGRAMS, type StoreKind, STORES } from './init-choices.ts';
import { copyExample } from './init-example.ts';
import { ADAPTERS, codeFor, packagesFor, PROGRAM_LABELS } from './init-lines.ts';

const SCHEMA = 'node_modules/@clarity/flags-core/schema/flags.schema.json';

export async function performInit(call: Call<InitOptions>): Promise<Outcome> {
  if (call.options.example !== undefined) return copyExample(call, call.options.example);
  const [path = 'flags.json'] = call.words;
  if (existsSync(path))
    throw new UsageError(`${path} is there already, and was left alone; allowed is a file that is not there yet`);
  const { store, program } = await choices(call);
  await write(path);
  const { isPublished, isSetUp = false, address } = ADAPTERS[store];
  const install = `${installer()} ${packagesFor(store, program).join(' ')}`;
  const code = codeFor(store, program, path);
  const publish = isPublished ? `npx clarity-flags publish ${shellWord(address)} ${shellWord(path)}` : undefined;
  const setup = isSetUp ? `npx clarity-flags setup ${shellWord(address)}` : undefined;
  const variable = store === 'file' ? undefined : `FEATURE_FLAG_STORE_URL=${address}`;
  return {
    code: EXIT.ok,
    value: {
      written: path,
      install,
      code,
      ...(setup && { setup }),
      ...(publish && { publish }),
      ...(variable && { variable }),
    },
    lines: [
      { text: `wrote ${path}, with one flag: new_checkout, off`, tone: 'good' },
      ...step('Install', install),
      ...(setup === undefined ? [] : step('Make the tables, once', setup)),
      ...(publish === undefined ? [] : step('Publish the file, now and after each change', publish)),
      ...(store === 'https' ? step('Put the file where it is served, and name the address', variable!) : []),
      ...(isPublished ? step('Name the store to the program', variable!) : []),
      ...step('Add to the program (an ES module)', code),
      { text: '' },
      { text: `Then change the flag in ${path}, and check it by: npx clarity-flags validate ${shellWord(path)}` },
    ],
  };
}

function step(title: string, block: string): readonly Line[] {
  return [{ text: '' }, { text: `${title}:`, tone: 'quiet' }, { text: indented(block), isBlock: true }];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

async function choices(call: Call<InitOptions>): Promise<{ readonly store: StoreKind; readonly program: ProgramKind }> {
  const { store, program, yes = false } = call.options;
  if (yes) return { store: store ?? 'file', program: program ?? 'node' };
  const nobody = 'init has nobody to ask; say --yes for a file and a program of its own, or --store and --program';
  return {
    store:
      store ??
      (await select(call, nobody, 'Where are clients to read the flags?', STORES, (one) => ADAPTERS[one].label)),
    program: program ?? (await select(call, nobody, 'What asks for flags?', PROGRAMS, (one) => PROGRAM_LABELS[one])),
  };
}

/** Never over another file, also one that came in the meantime. */
async function write(path: string): Promise<void> {
  const folder = dirname(path);
  const schema = relative(folder, SCHEMA).replaceAll('\\', '/');
  const document = {
    $schema: schema.startsWith('.') ? schema : `./${schema}`,
    schemaVersion: 1,
    flags: { new_checkout: { status: 'disabled', description: 'The new checkout' } },
  };
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(`${path} cannot be written (${code}); allowed is a file in a folder that can be written to`);
  }
}

/** The package manager that this folder has a lockfile of. */
function installer(): string {
  if (existsSync('pnpm-lock.yaml')) return 'pnpm add';
  if (existsSync('yarn.lock')) return 'yarn add';
  if (existsSync('bun.lock') || existsSync('bun.lockb')) return 'bun add';
  return 'npm install';
}
