import type { IncomingMessage } from 'node:http';

/** The request's body as text. @throws Error when it is longer than `most` characters. */
export async function requestText(request: IncomingMessage, most: number): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > most) throw new Error(`the request has more than ${most} characters`);
  }
  return text;
}
