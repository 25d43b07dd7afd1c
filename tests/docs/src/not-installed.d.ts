// What pages use of runtimes and frameworks that are not installed for these tests: the globals of Deno and Bun, and
// modules of Workers, Fastify, Next and Jest.
declare const Deno: { serve(options: { port: number }, handler: (request: Request) => Promise<Response>): void };

declare const Bun: {
  serve(options: {
    port: number;
    routes: Record<string, (request: Request) => Promise<Response>>;
    fetch(request: Request): Response | Promise<Response>;
  }): void;
};

declare module 'cloudflare:workers' {
  export const env: {
    readonly UPSTASH_REDIS_REST_URL: string;
    readonly UPSTASH_REDIS_REST_TOKEN: string;
    readonly FLAGS_KV: { get(key: string): Promise<string | null>; put(key: string, value: string): Promise<void> };
  };
}

declare module 'fastify' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  type Handler = (
    request: { readonly raw: IncomingMessage; readonly body: unknown },
    reply: { readonly raw: ServerResponse; hijack(): void },
  ) => void;
  export default function fastify(): { all(path: string, handler: Handler): void };
}

declare module 'next/server' {
  export function after(task: Promise<unknown>): void;
  export function connection(): Promise<void>;
  export class NextRequest extends Request {
    readonly cookies: { get(name: string): { readonly value: string } | undefined };
    readonly nextUrl: URL & { clone(): URL };
  }
  export class NextResponse extends Response {
    static next(): NextResponse;
    static rewrite(url: URL): NextResponse;
  }
  export interface NextFetchEvent {
    waitUntil(promise: Promise<unknown>): void;
  }
}

/** A file that the page about Next shows. */
declare module '@/lib/flags' {
  import type { EdgeFlagClient } from '@clarity/flags-core/edge';
  export const flags: EdgeFlagClient;
}

/** The file of flags of an application. */
declare module '@/flags.json' {
  const document: object;
  export default document;
}

declare module 'next/headers' {
  export function cookies(): Promise<{ get(name: string): { readonly value: string } | undefined }>;
}

declare module '@jest/globals' {
  export const describe: (name: string, tests: () => void) => void;
  export const test: (name: string, run: () => void | Promise<void>) => void;
  export const afterEach: (run: () => void) => void;
  export const expect: (value: unknown) => { toBe(expected: unknown): void };
}

declare namespace JSX {
  interface IntrinsicElements {
    [name: string]: Record<string, unknown>;
  }
}
