// nginx and HAProxy as they are installed on this machine, each in front of a server. Those that are named alone close
// `/metrics` to everybody.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { startCommand } from './program.ts';

export interface PathProxy {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

interface Ports {
  readonly port: number;
  readonly upstream: number;
}

function nginx(locations: (upstream: string) => string) {
  return {
    configuration: ({ port, upstream }: Ports, folder: string) => `
      daemon off; master_process off; pid ${folder}/pid; error_log stderr;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        server {
          listen 127.0.0.1:${port};
          ${locations(`http://127.0.0.1:${upstream}`)}
        }
      }`,
    command: (file: string, folder: string) =>
      [process.env['NGINX'] ?? 'nginx', '-e', 'stderr', '-p', folder, '-c', file] as const,
  };
}

const kinds = {
  nginx: nginx((upstream) => `location /metrics { deny all; } location / { proxy_pass ${upstream}; }`),
  'nginx that strips slashes': nginx(
    (upstream) => `rewrite ^(.+)/$ $1 permanent; location / { proxy_buffering off; proxy_pass ${upstream}; }`,
  ),
  'nginx that adds slashes': nginx(
    (upstream) =>
      `location / { if ($uri !~ /$) { return 308 $uri/$is_args$args; } proxy_buffering off; proxy_pass ${upstream}; }`,
  ),
  'nginx with us below a path': nginx(
    (upstream) => `location /far/away/ { proxy_buffering off; proxy_pass ${upstream}/; }`,
  ),
  HAProxy: {
    configuration: ({ port, upstream }: Ports) => `
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend front
  bind 127.0.0.1:${port}
  http-request deny if { path_beg /metrics }
  default_backend app
backend app
  server one 127.0.0.1:${upstream}
`,
    command: (file: string) => [process.env['HAPROXY'] ?? 'haproxy', '-db', '-f', file] as const,
  },
};

export type PathProxyKind = keyof typeof kinds;

/** Starts one, which the caller must stop. */
export async function startPathProxy(kind: PathProxyKind, upstream: number): Promise<PathProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-proxy-'));
  const file = join(folder, 'configuration');
  const port = await freePort();
  const { configuration, command } = kinds[kind];
  await writeFile(file, configuration({ port, upstream }, folder));
  const program = startCommand(command(file, folder), { cwd: folder, env: {} });
  let ended = false;
  void program.ends().then(() => (ended = true));
  const stop = async (): Promise<void> => {
    await program.kill();
    await rm(folder, { recursive: true });
  };
  // Neither says when it listens.
  while (!(await listens(port))) {
    if (ended) {
      await stop();
      throw new Error(`${kind} ended before it listened:\n${program.output()}`);
    }
  }
  return { port, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => setTimeout(() => resolve(false), 20));
    socket.once('connect', () => socket.destroy());
  });
}
