// A bare connection to a server of ours, whose answers are counted and not read: load costs less than what it measures.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface CountedSocket {
  readonly socket: Socket;
  /** How often the wanted text was seen in all that came. */
  readonly seen: () => number;
}

export async function openCounting(port: number, wanted: string): Promise<CountedSocket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let seen = 0;
  let rest = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    const whole = rest + text;
    for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) seen += 1;
    rest = whole.slice(-(wanted.length - 1));
  });
  return { socket, seen: () => seen };
}

export function getRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: flags.test\r\n\r\n`;
}
