// What somebody may send who may publish on the channel and not write the document (F55).
import type { CountedRevision } from '@clarity/flags-core/ports';
import { documentText, noticeText } from '../redis/watched-client.ts';

const HASH = 'f'.repeat(64);
const DAY_MS = 24 * 60 * 60 * 1000;

/** None of them may do more than cause a read. They speak of document 666 and of revisions after `served`. */
export function forgedNotices(namespace: string, served: CountedRevision): readonly string[] {
  return [
    noticeText({ namespace }, { epoch: served.epoch + DAY_MS, version: 9, hash: HASH }),
    noticeText({ namespace }, { epoch: served.epoch, version: Number.MAX_SAFE_INTEGER, hash: HASH }),
    documentText(666),
    JSON.stringify({ clarity: 1, namespace, epoch: 1, version: 1, hash: HASH, doc: documentText(666) }),
    '{"__proto__":{"isEnabled":true}}',
    'refresh',
    '',
    '{"clarity":1',
    '[',
    ','.repeat(5_000),
  ];
}
