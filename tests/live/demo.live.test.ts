// The program that `npm run demo` starts, as a process of its own over the built packages and a file that is edited.
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Program, startProgram } from './support/program.ts';

const shipped = new URL('../../examples/express-server/flags.json', import.meta.url);

interface FlagsFile {
  schemaVersion: number;
  flags: Record<string, Record<string, unknown>>;
}

let folder: string;
let file: string;
const programs: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-demo-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  await rm(folder, { recursive: true });
});

function start(variables: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram('examples/express-server/main.ts', {
    PORT: '0',
    HOST: '127.0.0.1',
    FLAGS_FILE: file,
    ...variables,
  });
  programs.push(program);
  return program;
}

/** A running demo. */
async function demo() {
  const program = start();
  const [, address = ''] = await program.says(/runs at (http:\/\/\S+)/);
  await program.says(/Ctrl\+C stops/);
  const ask = async (path: string) => (await (await fetch(address + path)).json()) as Record<string, unknown>;
  return { program, address, ask };
}

/** The promise: an edit is in the answers within a second. */
function withinASecond(assertion: () => Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: 1_000, interval: 20 });
}

async function edited(change: (document: FlagsFile) => void): Promise<string> {
  const document = JSON.parse(await readFile(shipped, 'utf8')) as FlagsFile;
  change(document);
  return JSON.stringify(document, null, 2);
}

function mania(settings: Record<string, unknown>): Promise<string> {
  return edited(({ flags }) => Object.assign(flags['mania_risk_analysis'] ?? {}, settings));
}

describe('the demo', () => {
  it('says where it runs and what to try, and answers there', async () => {
    const { address, ask, program } = await demo();
    expect(program.output()).toContain(`curl '${address}/flags?userId=u1'`);
    expect(program.output()).toContain('flags.json');

    const page = await fetch(address);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...(await page.text()).matchAll(/href="([^"]+)"/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(5);
    const statuses = await Promise.all(links.map(async (link) => [link, (await fetch(address + link)).status]));
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);

    expect(await ask('/flags?userId=u1')).toMatchObject({
      userId: 'u1',
      freshness: 'fresh',
      flags: {
        mania_risk_analysis: { value: true, reason: 'TARGETING_MATCH' },
        pat_model_v2: { reason: 'SPLIT' },
        enhanced_security: { value: true, reason: 'STATIC' },
        graceful_degradation: { value: true, reason: 'STATIC' },
        sleep_insights: { value: true, reason: 'TARGETING_MATCH' },
      },
    });
    expect(await ask('/flags')).toMatchObject({
      userId: null,
      flags: { mania_risk_analysis: { value: false }, sleep_insights: { value: false } },
    });
    expect(await ask('/risk/u1')).toMatchObject({ analyses: ['sleep', 'activity', 'mania_risk'] });
    expect(await ask('/risk/u1?fail')).toMatchObject({ model: 'rules-only' });
    expect(await ask('/feature-flags/health')).toMatchObject({
      healthy: true,
      refresh_mode: 'both',
      freshness: 'fresh',
    });
    expect((await fetch(`${address}/feature-flags/ready?strict`)).status).toBe(200);
    expect((await fetch(`${address}/feature-flags/live`)).status).toBe(200);
  });

  it('opens what shows every flag to the token that it prints, and to nobody else', async () => {
    const { address, program } = await demo();
    const [, token = ''] = /feature-flags\/#token=(\S+)/.exec(program.output()) ?? [];
    expect(token.length).toBeGreaterThanOrEqual(16);
    expect((await fetch(`${address}/feature-flags/status`)).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    const status = await fetch(`${address}/feature-flags/status`, { headers });
    expect(status.status).toBe(200);
    expect(await status.json()).toMatchObject({ health: { healthy: true }, flags: expect.any(Array) });
    // Probes and scrapers need none.
    expect((await fetch(`${address}/metrics/feature-flags/prometheus`)).status).toBe(200);

    const page = await fetch(`${address}/feature-flags`);
    expect([page.status, page.redirected]).toEqual([200, false]);
    expect(await page.text()).not.toContain(token);
  });

  it('guards a route by a flag', async () => {
    const { ask, address } = await demo();
    expect(await ask('/insights/u1')).toMatchObject({ userId: 'u1' });
    expect((await fetch(`${address}/insights/u7`)).status).toBe(404);
  });

  it('follows the file within a second, however it is saved', async () => {
    const { ask, program } = await demo();
    const risks = async () => [await ask('/risk/u1'), await ask('/risk/nobody-in-particular')];

    // In place: the file is empty for a moment.
    await writeFile(file, await mania({ rolloutPercentage: 100 }));
    await withinASecond(async () => {
      expect(await risks()).toMatchObject([
        { mania_risk_analysis: { enabled: true } },
        { mania_risk_analysis: { enabled: true, reason: 'SPLIT' } },
      ]);
    });

    // As most editors save: another file takes the name.
    await writeFile(`${file}.new`, await mania({ status: 'disabled' }));
    await rename(`${file}.new`, file);
    await withinASecond(async () => {
      expect(await risks()).toMatchObject([
        { mania_risk_analysis: { enabled: false, reason: 'DISABLED' } },
        { mania_risk_analysis: { enabled: false } },
      ]);
    });

    // And once more under the new file.
    await writeFile(file, await mania({ rolloutPercentage: 0 }));
    await withinASecond(async () => {
      expect(await risks()).toMatchObject([
        { mania_risk_analysis: { enabled: true } },
        { mania_risk_analysis: { enabled: false } },
      ]);
    });
    await program.says(/Now served: revision \w+\. Changed: mania_risk_analysis\./);
  });

  it.each([
    ['not JSON', async () => (await mania({})).replace('},', '}'), /line \d+/],
    [
      'of another shape',
      () => mania({ rolloutPercentage: 250 }),
      /\$\.flags\.mania_risk_analysis\.rolloutPercentage.*250.*100/,
    ],
  ])(
    'F15 keeps the last good flags while the file is %s, says where, and follows once it is mended',
    async (_what, broken, where) => {
      const { ask, program } = await demo();
      const { revision } = await ask('/feature-flags/health');

      await writeFile(file, await broken());
      await withinASecond(async () => {
        const health = await ask('/feature-flags/health');
        expect(health).toMatchObject({ revision, rejected_document: { message: expect.stringMatching(where) } });
        expect(JSON.stringify(health['rejected_document'])).toContain('flags.json');
      });
      const lines = program.output().split('\n');
      expect(lines.filter((line) => line.includes('flags.json'))).toContainEqual(expect.stringMatching(where));
      expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: true } });

      await writeFile(file, await mania({ status: 'disabled' }));
      await withinASecond(async () => {
        expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: false } });
        expect(await ask('/feature-flags/health')).toMatchObject({ healthy: true, rejected_document: null });
      });
    },
  );

  it('F15 keeps the last good flags while somebody types under an editor that saves by itself, and follows at once when done', async () => {
    const { ask } = await demo();
    const { revision } = await ask('/feature-flags/health');
    const finished = await mania({ status: 'disabled' });

    // More unfinished saves than it takes failures to open the breaker.
    for (const unfinished of ['', ...[10, 100, 200, 400].map((end) => finished.slice(0, end))]) {
      const before = await ask('/feature-flags/health');
      await writeFile(file, unfinished);
      await withinASecond(async () => {
        const { refresh_failures } = await ask('/feature-flags/health');
        expect(refresh_failures).toBeGreaterThan(before['refresh_failures'] as number);
      });
    }
    expect(await ask('/feature-flags/health')).toMatchObject({ revision, circuit_breaker_state: 'closed' });
    expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: true } });

    await writeFile(file, finished);
    await withinASecond(async () => {
      expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: false } });
    });
  });

  it('F15 prints each new fault of the file, though another was printed a moment ago', async () => {
    const { program } = await demo();
    await writeFile(file, await mania({ rolloutPercentage: 250 }));
    await program.says(/flags\.json.*mania_risk_analysis\.rolloutPercentage: found 250/);
    await writeFile(file, await mania({ betaUsers: 7 }));
    await program.says(/flags\.json.*mania_risk_analysis\.betaUsers: found a number/);
    expect(program.output().match(/betaUsers: found/g)).toHaveLength(1);
  });

  it('starts without the file, says so, and follows once it appears', async () => {
    const document = await readFile(file);
    await rm(file);
    const { address, ask } = await demo();
    expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: false, reason: 'ERROR' } });
    expect(await ask('/feature-flags/health')).toMatchObject({
      healthy: false,
      freshness: 'never',
      last_error: { reason: 'not-found', message: expect.stringContaining('flags.json') },
    });
    expect((await fetch(`${address}/feature-flags/ready`)).status).toBe(503);

    await writeFile(file, document);
    await withinASecond(async () => {
      expect(await ask('/risk/u1')).toMatchObject({ mania_risk_analysis: { enabled: true } });
    });
    expect((await fetch(`${address}/feature-flags/ready?strict`)).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends by itself with 0 on %s, though a caller keeps its connection',
    async (signal) => {
      const { address, program } = await demo();
      const agent = new Agent({ keepAlive: true });
      const [response] = (await once(get(`${address}/flags`, { agent }), 'response')) as [NodeJS.ReadableStream];
      await once(response.resume(), 'end');
      expect(await program.stop(signal)).toBe(0);
      agent.destroy();
    },
  );

  it('says so when its port is taken, and ends', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const program = start({ PORT: String(port) });
    await program.says(/Port \d+ of 127\.0\.0\.1 is taken\. Choose another with PORT=4000/);
    expect(await program.ends()).toBe(1);
    other.close();
  });

  it.each(['99999', '-1', 'http'])('refuses PORT=%s and says what is allowed', async (port) => {
    const program = start({ PORT: port });
    await program.says(/PORT is ".+"; it must be a whole number from 0 to 65535/);
    expect(await program.ends()).toBe(1);
  });

  it('refuses a token that is too short, and says what is allowed without saying the token', async () => {
    const program = start({ FLAGS_TOKEN: 'opensesame' });
    await program.says(/FLAGS_TOKEN must have 16 or more/);
    expect(await program.ends()).toBe(1);
    expect(program.output()).not.toContain('opensesame');
  });
});
