import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';

const example = fileURLToPath(new URL('../../examples/express-server', import.meta.url));

interface Answers {
  readonly flags: Readonly<Record<string, { readonly value: unknown }>>;
}

describe('the demo', () => {
  let folder: string;
  let file: string;
  let program: Program;
  let address: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clarity-demo-'));
    file = join(folder, 'flags.json');
    await copyFile(join(example, 'flags.json'), file);
    program = startProgram('examples/express-server/main.ts', { PORT: '0', HOST: '127.0.0.1', FLAGS_FILE: file });
    address = (await program.says(/runs at (http:\/\/\S+)/))[1] ?? '';
  });

  afterEach(async () => {
    await program.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const answers = async (userId: string) =>
    ((await (await fetch(`${address}/flags?userId=${userId}`)).json()) as Answers).flags;
  const health = async () => (await (await fetch(`${address}/feature-flags/health`)).json()) as Record<string, unknown>;

  /** As an editor saves: a new file over the old one. */
  const save = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };

  it('answers from its file, and differently once the file is edited, without a restart', async () => {
    expect((await answers('u7'))['sleep_insights']?.value).toBe(false);
    const edited = JSON.parse(await readFile(file, 'utf8')) as { flags: Record<string, object> };
    edited.flags['sleep_insights'] = { status: 'enabled' };

    await save(JSON.stringify(edited));
    await program.says(/Now served: .*sleep_insights/);

    expect((await answers('u7'))['sleep_insights']?.value).toBe(true);
  });

  it('F15 keeps the last good flags when the file is broken, and its health says where', async () => {
    const before = await answers('u1');
    const text = await readFile(file, 'utf8');

    await save(text.slice(0, -10));
    await program.says(/line \d+/);

    expect(await answers('u1')).toEqual(before);
    expect(await health()).toMatchObject({ healthy: true, circuit_breaker_state: 'closed' });
    expect(JSON.stringify(await health())).toMatch(/line \d+/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by itself after %s', async (signal) => {
    expect(await program.stop(signal)).toBe(0);
  });
});
