import { describe, expect, it } from 'vitest';
import { runtimes } from '../support/runtimes.ts';

// npm carries the older Nodes for one platform here; elsewhere the Node at hand stands for them.
const promised =
  process.platform === 'linux' && process.arch === 'x64'
    ? ['Node 20', 'Node 22', 'Node 24', 'Node 26', 'Bun', 'Deno']
    : [`Node ${process.versions.node}`, 'Bun', 'Deno'];

it('the matrix holds every runtime that we promise', () => {
  expect(runtimes.map(({ name }) => name)).toEqual(promised);
});

describe.each(runtimes)('the built packages in $name', ({ name, run }) => {
  it('are what is run here, and not their sources', async () => {
    const { stdout } = await run('src/where.mjs');
    // It asks as CommonJS does. All but Bun know the condition by which that gets the same files as `import`.
    const built = name === 'Bun' ? 'dist/cjs' : 'dist';
    expect(JSON.parse(stdout)).toEqual(
      [`core/${built}/index.js`, `core/${built}/evaluation.js`, `file/${built}/index.js`, `core/${built}/ports.js`].map(
        (path) => expect.stringMatching(new RegExp(`[/\\\\]packages/${path}$`)),
      ),
    );
  });

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
