import { recordingLogger } from '@clarity/flags-testing';
import { expect, it } from 'vitest';

it('a recording logger keeps all entries, and gives the messages of one level or of all', () => {
  const logger = recordingLogger();
  logger.log({ level: 'warn', message: 'one', fields: {} });
  logger.log({ level: 'debug', message: 'two', fields: { a: 1 } });
  expect(logger.entries).toEqual([
    { level: 'warn', message: 'one', fields: {} },
    { level: 'debug', message: 'two', fields: { a: 1 } },
  ]);
  expect(logger.messages()).toEqual(['one', 'two']);
  expect(logger.messages('warn')).toEqual(['one']);
  expect(logger.messages('error')).toEqual([]);
});
