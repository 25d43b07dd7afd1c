// What the command line says of a Redis that lost publications, or could (F90).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli, file } from '../../../packages/cli/test/cli-run.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { counted, documentText, KEY, publish } from './watched-client.ts';

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

async function restarted(): Promise<void> {
  await server.command('SAVE');
  await server.kill();
  await server.start();
}

describe('F90 publish and restore', () => {
  it.each([
    ['publish', '--yes'],
    ['restore', '--yes'],
  ])(
    '%s warns on standard error and in JSON of a server that was restarted, and succeeds',
    async (command, ...options) => {
      const first = counted(await publish(server.url, 1));
      await restarted();
      const next = await file('next.json', documentText(2));
      const { code, out, err } = await cli([command, server.url, next, ...options]);
      expect(code).toBe(0);
      expect(err).toMatch(
        new RegExp(`^clarity-flags: warning: the server of .* restarted, failed .* since ${first.epoch}.1; .*\n$`),
      );
      expect(JSON.parse(out)).toMatchObject({
        revision: { version: command === 'publish' ? 2 : 1 },
        warnings: [{ kind: 'store-restarted' }],
      });
      const again = await cli([command, server.url, next, ...options]);
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(again.out)).toMatchObject({ warnings: [] });
    },
  );

  it('says of a revision that is no longer there that the store lost it', async () => {
    const first = await publish(server.url, 1);
    const dump = (await server.command('HGETALL', KEY)) as string[];
    const lost = counted(await publish(server.url, 2, first));
    await server.command('HSET', KEY, ...dump);
    const next = await file('next.json', documentText(3));
    const { code, out } = await cli(['publish', server.url, next, '--expect', `${lost.epoch}.${lost.version}`]);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      conflict: expect.stringContaining('which is older: the store lost what was published since'),
    });
  });
});

describe('F90 doctor', () => {
  interface Finding {
    readonly check: string;
    readonly state: string;
    readonly message: string;
  }

  async function findings(url = server.url): Promise<{ code: number; of: (check: string) => Finding | undefined }> {
    const { code, out } = await cli(['doctor', url]);
    const all = (JSON.parse(out) as { findings: Finding[] }).findings;
    return { code, of: (check) => all.find((one) => one.check === check) };
  }

  it('says what a crash would lose of a server that only takes snapshots, and what to set', async () => {
    await publish(server.url, 1);
    const { code, of } = await findings();
    expect(code).toBe(0);
    expect(of('persistence')).toEqual({
      check: 'persistence',
      state: 'doubtful',
      message: expect.stringMatching(/since the last snapshot of 20\d\d-.*Z, now \d+ changes; set appendonly yes/),
    });
    await server.command('CONFIG', 'SET', 'appendonly', 'yes');
    expect((await findings()).of('persistence')).toMatchObject({ state: 'good' });
  });

  it('says that the server was restarted since the last publication, and that it is the same', async () => {
    const first = counted(await publish(server.url, 1));
    expect((await findings()).of('restart')).toMatchObject({ state: 'good' });
    await restarted();
    expect((await findings()).of('restart')).toEqual({
      check: 'restart',
      state: 'doubtful',
      message: expect.stringContaining(
        `since ${first.epoch}.1 was published; what was published after that may be lost`,
      ),
    });
  });

  it('compares the clocks, also with the last publication', async () => {
    const first = counted(await publish(server.url, 1));
    expect((await findings()).of('clock')).toMatchObject({
      state: 'good',
      message: expect.stringMatching(/clock is \d+ ms/),
    });
    await server.command('HSET', KEY, 'epoch', String(first.epoch + 600_000));
    expect((await findings()).of('clock')).toMatchObject({
      state: 'doubtful',
      message: expect.stringContaining('it went back since the last publication'),
    });
  });

  it('does without the rights, and names them', async () => {
    await publish(server.url, 1);
    const rights = ['~feature_flags:*', '&feature_flags:*', '+hmget', '+subscribe', '+ping'];
    await server.command('ACL', 'SETUSER', 'reader', 'on', '>secret', ...rights);
    const { code, of } = await findings(`redis://reader:secret@127.0.0.1:${server.port}`);
    expect(code).toBe(0);
    expect(of('restart')?.message).toContain('grant +info|replication');
    expect(of('persistence')?.message).toContain('grant +info|persistence');
    expect(of('clock')).toMatchObject({ state: 'good', message: 'the store does not tell its time' });
    await server.command('ACL', 'SETUSER', 'reader', '+info|replication', '+info|persistence', '+time');
    const granted = await findings(`redis://reader:secret@127.0.0.1:${server.port}`);
    expect(granted.of('restart')).toMatchObject({ state: 'good' });
    expect(granted.of('persistence')?.message).toContain('last snapshot');
  });
});
