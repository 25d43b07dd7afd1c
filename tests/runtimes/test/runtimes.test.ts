import { describe, expect, it } from 'vitest';
import { runtimes } from '../support/runtimes.ts';

it('the matrix holds every runtime that we promise', () => {
  const names = runtimes.map(({ name }) => name);
  // Elsewhere npm does not carry the older Nodes; the one at hand stands for them.
  if (process.platform === 'linux' && process.arch === 'x64') {
    expect(names).toEqual(['Node 20', 'Node 22', 'Node 24', 'Node 26', 'Bun', 'Deno']);
  } else {
    expect(names).toEqual([`Node ${process.versions.node}`, 'Bun', 'Deno']);
  }
});

describe.each(runtimes)('the built packages in $name', ({ run }) => {
  it('follow a file, and after close() the process ends by itself', async () => {
    const { code, stdout, stderr } = await run('src/follow-a-file.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      before: false,
      after: true,
      healthy: true,
      refresh_mode: 'both',
      closed: true,
    });
    expect(code).toBe(0);
  });

  it('F43 close() during a refresh that hangs leaves nothing, and the process ends by itself', async () => {
    const { code, stdout } = await run('src/close-while-hanging.mjs');
    expect(JSON.parse(stdout)).toEqual({ fallback: true });
    expect(code).toBe(0);
  });
});
