import { utf8Length } from './utf8-length.ts';

/** 4 MiB. */
export const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;

/** Whether a text has more bytes of UTF-8 than that. Counted only when its length leaves the question open. */
export function isLarger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && (text.length > bytes || utf8Length(text) > bytes);
}
