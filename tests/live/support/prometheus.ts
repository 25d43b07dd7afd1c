// A real Prometheus, and the tool that checks what it reads. Both come with Debian's package `prometheus`.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROMTOOL = process.env['PROMTOOL'] ?? 'promtool';
const PROMETHEUS = process.env['PROMETHEUS'] ?? 'prometheus';

export interface Verdict {
  readonly code: number | null;
  /** What it printed, both streams. */
  readonly output: string;
}

/** Runs promtool to its end, with `input` for what it reads from standard input. */
export async function promtool(args: readonly string[], input = ''): Promise<Verdict> {
  const child = spawn(PROMTOOL, args, { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, output };
}

export interface ScrapedInstance {
  /** Address of the program, such as `http://127.0.0.1:3000`. */
  readonly address: string;
  readonly path: string;
}

export interface PromAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

export interface Prometheus {
  /** The vector that an instant query yields. Rejects with Prometheus's own words when it cannot be answered. */
  readonly query: (
    expr: string,
  ) => Promise<readonly { readonly metric: Record<string, string>; readonly value: number }[]>;
  readonly alerts: () => Promise<readonly PromAlert[]>;
  /** The state of the scrape: health, and the last error where there is one. */
  readonly target: () => Promise<{ readonly health: string; readonly lastError: string }>;
  readonly stop: () => Promise<void>;
}

/** Starts one that scrapes this instance under the job `demo` and evaluates these rules, both four times a second. */
export async function startPrometheus(instance: ScrapedInstance, rules: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-prometheus-'));
  await writeFile(join(folder, 'rules.yml'), rules);
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '250ms' },
    rule_files: ['rules.yml'],
    scrape_configs: [
      {
        job_name: 'demo',
        metrics_path: instance.path,
        static_configs: [{ targets: [new URL(instance.address).host] }],
      },
    ],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    PROMETHEUS,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'close');
  const base = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  };
  try {
    await ready(`${base}/-/ready`, child, () => log);
  } catch (error) {
    await stop();
    throw error;
  }

  async function api(path: string): Promise<unknown> {
    const response = await fetch(`${base}/api/v1/${path}`);
    const body = (await response.json()) as { status: string; error?: string; data?: unknown };
    if (body.status !== 'success') throw new Error(body.error ?? `Prometheus answered ${response.status}`);
    return body.data;
  }

  return {
    query: async (expr) => {
      const { result } = (await api(`query?query=${encodeURIComponent(expr)}`)) as {
        result: { metric: Record<string, string>; value: [number, string] }[];
      };
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    alerts: async () => ((await api('alerts')) as { alerts: PromAlert[] }).alerts,
    target: async () => {
      const { activeTargets } = (await api('targets')) as { activeTargets: { health: string; lastError: string }[] };
      return activeTargets[0] ?? { health: 'none', lastError: 'there is no target' };
    },
    stop,
  };
}

async function ready(address: string, child: ChildProcess, log: () => string): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Prometheus was not ready within 30 s:\n${log()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
