// A server that speaks just enough of Redis' wire to greet, and answers everything else as it is told: what a real one
// does only by accident.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ScriptedCall {
  readonly command: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
  readonly socket: Socket;
}

export interface ScriptedRedis {
  readonly url: string;
  /** Commands beside the greetings, in order. */
  readonly calls: readonly ScriptedCall[];
  readonly connections: () => number;
}

/** `answer` gives the bytes of a reply, such as `+OK\r\n`, or nothing for none. Stops with the test. */
export async function scriptedRedis(answer: (call: ScriptedCall) => string | undefined): Promise<ScriptedRedis> {
  const calls: ScriptedCall[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    const connection = connections;
    let text = '';
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      for (let parsed = parse(text); parsed !== undefined; parsed = parse(text)) {
        text = parsed.rest;
        const [command = ''] = parsed.words;
        const greeting = GREETINGS.get(command.toLowerCase());
        if (greeting !== undefined) {
          socket.write(greeting);
          continue;
        }
        const call = { command: command.toLowerCase(), connection, socket };
        calls.push(call);
        const reply = answer(call);
        if (reply !== undefined && !socket.destroyed) socket.write(reply);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    connections: () => connections,
  };
}

const GREETINGS: ReadonlyMap<string, string> = new Map([
  ['hello', '%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n'],
  ['client', '+OK\r\n'],
  ['select', '+OK\r\n'],
]);

/** The first command of the text: a list of bulk strings. */
function parse(text: string): { words: string[]; rest: string } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  while (words.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20));
    if (size === null) return undefined;
    at += size[0].length;
    if (text.length < at + Number(size[1]) + 2) return undefined;
    words.push(text.slice(at, at + Number(size[1])));
    at += Number(size[1]) + 2;
  }
  return { words, rest: text.slice(at) };
}
