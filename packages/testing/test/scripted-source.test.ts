import { decodeDocument } from '@clarity/flags-core/adapter-kit';
import { scriptedSource, sourceSteps } from '@clarity/flags-testing';
import { describe, expect, it } from 'vitest';

const NEVER = new AbortController().signal;
const FIRST = { epoch: 1, version: 1 };
const SECOND = { epoch: 1, version: 2 };
const TEXT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

describe('a scripted source', () => {
  it('takes one step a read and repeats the last one, until more are pushed', async () => {
    const source = scriptedSource([
      sourceSteps.fail('throttled', { retryAfterMs: 9 }),
      sourceSteps.document(TEXT, FIRST),
    ]);
    await expect(source.read(undefined, NEVER)).rejects.toMatchObject({ reason: 'throttled', retryAfterMs: 9 });
    expect(await source.read(undefined, NEVER)).toEqual({ kind: 'document', text: TEXT, revision: FIRST });
    expect(await source.read(undefined, NEVER)).toMatchObject({ kind: 'document' });
    source.push(sourceSteps.document(TEXT, SECOND));
    expect(await source.read(FIRST, NEVER)).toMatchObject({ kind: 'document', revision: SECOND });
    expect(source.reads.map(({ known }) => known)).toEqual([undefined, undefined, undefined, FIRST]);
  });

  it('says unchanged to a caller who knows the revision', async () => {
    const source = scriptedSource([sourceSteps.document(TEXT, SECOND)]);
    expect(await source.read(SECOND, NEVER)).toEqual({ kind: 'unchanged', revision: SECOND });
    expect(await source.read(FIRST, NEVER)).toMatchObject({ kind: 'document', revision: SECOND });
  });

  it('F25 hangs until the abort or the close', async () => {
    const source = scriptedSource([sourceSteps.hang()]);
    const stop = new AbortController();
    const aborted = source.read(undefined, stop.signal);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ reason: 'timeout' });
    const closed = source.read(undefined, NEVER);
    await source.close();
    await expect(closed).rejects.toMatchObject({ reason: 'unavailable', retryable: false });
    await expect(source.read(undefined, NEVER)).rejects.toMatchObject({ retryable: false });
    expect(source.closed).toBe(true);
  });

  it('F38 hangs on and on, past abort and close', async () => {
    const source = scriptedSource([sourceSteps.hangForever()]);
    const stop = new AbortController();
    const read = source.read(undefined, stop.signal).then(
      () => 'settled',
      () => 'settled',
    );
    stop.abort();
    await source.close();
    expect(await Promise.race([read, new Promise((resolve) => void setImmediate(resolve, 'hangs'))])).toBe('hangs');
  });

  it('F39 answers late when its gate opens, even after an abort', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const source = scriptedSource([sourceSteps.wait(gate, sourceSteps.document(TEXT, FIRST))]);
    const stop = new AbortController();
    const read = source.read(undefined, stop.signal);
    stop.abort();
    open();
    expect(await read).toMatchObject({ revision: FIRST });
  });

  it('breaks its contract when told to', async () => {
    const source = scriptedSource([{ kind: 'throw', value: 'a string' }]);
    await expect(source.read(undefined, NEVER)).rejects.toBe('a string');
  });

  it.each([
    ['F15 corrupt', sourceSteps.corrupt(FIRST), 'invalid'],
    ['F16 truncated', sourceSteps.truncated(TEXT, FIRST), 'not-a-document'],
    ['F18 an HTML page', sourceSteps.html(FIRST), 'not-a-document'],
  ])('has a text that is %s', async (_name, step, kind) => {
    const result = await scriptedSource([step]).read(undefined, NEVER);
    expect(result.kind === 'document' && decodeDocument(result.text)).toMatchObject({ ok: false, kind });
  });

  it('without steps is empty', async () => {
    await expect(scriptedSource([]).read(undefined, NEVER)).rejects.toMatchObject({ reason: 'not-found' });
  });
});
