/** Harnesses over the stand-in for Parameter Store, with the real SDK in between. */
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { ssmPublisher, type SsmPublisher, type SsmPublisherOptions, ssmSource } from '@clarity/flags-ssm';
import type { PublisherHarness, SourceHarness } from '@clarity/flags-testing/checks';
import { type SsmFault, type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

export const SECRETS = ['wJalrXUtnFEMI-hunter2', 'session-token-hunter3'];
export const PATH = '/shop/flags';
const NEVER = new AbortController().signal;

/** Connection options for a stand-in. The credentials are secrets that must show nowhere. */
export function connect(server: SsmServer) {
  return {
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRETS[0] ?? '', sessionToken: SECRETS[1] ?? '' },
  };
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Puts a parameter past the wire. */
export function put(server: SsmServer, name: string, value: string): number {
  const exists = server.store.names().includes(name);
  return server.store.put({ name, value, overwrite: true, ...(!exists && { type: 'String' as const }) }, Date.now())
    .version;
}

/** What the manifest says, past the adapter. */
export function storedManifest(server: SsmServer, path = PATH): Record<string, unknown> {
  return JSON.parse(server.store.find(`${path}/manifest`).value) as Record<string, unknown>;
}

/** The chunked document, put together by another implementation than the adapter's. */
export function storedChunked(server: SsmServer, path = PATH) {
  if (!server.store.names().includes(`${path}/manifest`)) return undefined;
  const manifest = storedManifest(server, path);
  const { folder, chunks, sha256: hash } = manifest;
  const names = Array.from(
    { length: Number(chunks) },
    (_, n) => `${path}/${String(folder)}/${String(n).padStart(3, '0')}`,
  );
  const text = gunzipSync(
    Buffer.from(names.map((name) => server.store.find(name).value).join(''), 'base64'),
  ).toString();
  if (sha256(text) !== hash) throw new Error('the manifest does not have the hash of its document');
  return { text, revision: { epoch: Number(manifest['epoch']), version: Number(manifest['v']), hash: sha256(text) } };
}

export function storedSingle(server: SsmServer, parameter = PATH) {
  if (!server.store.names().includes(parameter)) return undefined;
  const { value } = server.store.find(parameter);
  return { text: value, revision: { hash: sha256(value) } };
}

function faultsOf(server: SsmServer, gone: () => void, corrupt: () => void) {
  const failing = (fault: SsmFault) => async () => {
    const mend = server.fail(fault);
    return async () => mend();
  };
  const changing = (change: () => void) => async () => {
    change();
    return async () => undefined;
  };
  return {
    down: failing({ kind: 'reset' }),
    hang: failing({ kind: 'hang' }),
    unauthorized: failing({ kind: 'refuse', type: 'UnrecognizedClientException' }),
    gone: changing(gone),
    corrupt: changing(corrupt),
  };
}

export const singleSourceHarness: SourceHarness = {
  open: async () => {
    const server = await startSsmServer();
    return {
      source: ssmSource({ layout: 'single', path: PATH, ...connect(server) }),
      seed: async (text) => void put(server, PATH, text),
      secrets: SECRETS,
      faults: faultsOf(
        server,
        () => server.store.delete(PATH),
        () => put(server, PATH, 'not ours'),
      ),
      dispose: () => server.stop(),
    };
  },
};

export const chunkedSourceHarness: SourceHarness = {
  open: async () => {
    const server = await startSsmServer();
    return {
      source: ssmSource({ layout: 'chunked', path: PATH, ...connect(server) }),
      seed: async (text) => {
        const publisher = ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server) });
        await publisher.publish(text, storedChunked(server)?.revision ?? 'absent', NEVER);
        await publisher.close();
      },
      tellsAncestors: true,
      secrets: SECRETS,
      faults: faultsOf(
        server,
        () => server.store.delete(`${PATH}/manifest`),
        () => put(server, `${PATH}/${String(storedManifest(server)['folder'])}/000`, 'not ours'),
      ),
      dispose: () => server.stop(),
    };
  },
};

export function publisherHarness(layout: SsmPublisherOptions['layout']): PublisherHarness {
  return {
    impossible: { gone: 'publishing needs no document', corrupt: 'what is there is replaced or refused as a conflict' },
    open: async () => {
      const server = await startSsmServer();
      const make = (): SsmPublisher => ssmPublisher({ layout, path: PATH, ...connect(server) });
      return {
        publisher: make(),
        another: async () => make(),
        stored: async () => (layout === 'single' ? storedSingle(server) : storedChunked(server)),
        snapshot: async () => {
          const name = layout === 'single' ? PATH : `${PATH}/manifest`;
          const { value } = server.store.find(name);
          return async () => void put(server, name, value);
        },
        secrets: SECRETS,
        faults: faultsOf(
          server,
          () => undefined,
          () => undefined,
        ),
        dispose: () => server.stop(),
      };
    },
  };
}

/** Operations that were called since the last look, in order. */
export function callsOf(server: SsmServer): readonly string[] {
  const operations = server.calls.map(({ operation }) => operation);
  server.forgetCalls();
  return operations;
}

/** The `StoreError` that it rejects with, searched for secrets. */
export async function failure(attempt: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error(`no StoreError: ${String(error)}`);
  if (SECRETS.some((secret) => error.message.includes(secret))) throw new Error('a message shows a secret');
  return error;
}
