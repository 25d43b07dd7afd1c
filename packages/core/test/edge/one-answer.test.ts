import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { counted, scriptedSource } from '../support/scripted-source.ts';

const split = { kind: 'split', variants: [{ variant: 'on', weight: 1 }] };
const ramp = {
  kind: 'ramp',
  variant: 'on',
  otherwise: 'off',
  curve: 'steps',
  points: [{ at: '2030-01-01T00:00:00Z', percentage: 5 }],
};
const comparison = { attribute: 'a', op: 'equals', value: 1 };
const long = (more: object) => ({ type: 'boolean', fallthrough: 'on', ...more });
const ruled = (when: unknown) => long({ rules: [{ when, serve: 'off' }] });

/** A word that other places know, in a place that does not. */
const MISPLACED: Readonly<Record<string, unknown>> = {
  'a schedule': { status: 'enabled', schedule: { from: '2030-01-01T00:00:00Z' } },
  'a short flag': { status: 'enabled', fallthrough: 'off' },
  'a long flag': long({ betaUsers: ['u1'] }),
  'a prerequisite': long({ prerequisites: [{ flag: 'sound', variants: ['on'], variant: 'off' }] }),
  'a target': long({ targets: [{ variant: 'off', keys: ['u1'], include: ['u1'] }] }),
  'a rule': long({ rules: [{ when: comparison, serve: 'off', targets: [] }] }),
  'a split': long({ fallthrough: { ...split, points: [] } }),
  'a share of a split': long({ fallthrough: { ...split, variants: [{ variant: 'on', weight: 1, percentage: 5 }] } }),
  'a ramp': long({ fallthrough: { ...ramp, weight: 1 } }),
  'a point of a ramp': long({ fallthrough: { ...ramp, points: [{ ...ramp.points[0], until: ramp.points[0]!.at }] } }),
  'a pause of a ramp': long({ fallthrough: { ...ramp, pauses: [{ from: ramp.points[0]!.at, onAt: 'x' }] } }),
  'a comparison': ruled({ ...comparison, variant: 'on' }),
  'a junction': ruled({ all: [comparison], not: comparison }),
};

describe('one document', () => {
  it.each(Object.entries(MISPLACED))('F92 has one answer where a word is out of place in %s', async (_, odd) => {
    const text = JSON.stringify({ schemaVersion: 1, flags: { sound: { status: 'enabled' }, odd } });
    const decoded = decodeDocument(text);
    if (!decoded.ok) throw new Error(decoded.problems[0]!.message);
    expect(decoded.setAside).toMatchObject([{ flagKey: 'odd' }]);
    const source = scriptedSource({ kind: 'holds', revision: counted(1), text });
    const edge = createEdgeFlagClient({ source });
    expect(await edge.refresh()).toMatchObject({ ok: true });
    expect(edge.facts().setAside).toEqual(decoded.setAside);
    const server = createEvaluator(decoded.document);
    for (const fallback of [true, false]) {
      const answer = server.details('odd', { userId: 'u1', a: 1 }, fallback);
      expect(answer).toMatchObject({ value: fallback, reason: 'ERROR', errorCode: 'PARSE_ERROR' });
      expect(edge.details('odd', { userId: 'u1', a: 1 }, fallback)).toMatchObject(answer);
      expect(edge.isEnabled('sound', {}, false)).toBe(true);
    }
  });

  it('F92 is refused at the edge as by a server, for the same reasons', async () => {
    const text = '{"schemaVersion":1,"flags":{"a":{"type":"boolean","fallthrough":"third"},"b":{"status":"enabled"}}}';
    const good = '{"schemaVersion":1,"flags":{"a":{"type":"boolean","fallthrough":"on"}}}';
    const source = scriptedSource({ kind: 'holds', revision: counted(1), text: good });
    const edge = createEdgeFlagClient({ source });
    await edge.refresh();
    source.behaviour = { kind: 'holds', revision: counted(2), text };
    expect(await edge.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
    expect(edge.freshness().rejected?.message).toContain('$.flags.a.fallthrough');
    expect(edge.isEnabled('a', {}, false)).toBe(true);
    expect(edge.details('b', {}, false)).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
  });

  it('F92 is read by the published vectors at the edge, too', () => {
    const url = new URL('../../vectors/documents.json', import.meta.url);
    const { documents } = JSON.parse(readFileSync(url, 'utf8')) as {
      documents: {
        name: string;
        text: string;
        limits?: { maxBytes?: number; allowEmpty?: boolean };
        expect: { ok: boolean };
      }[];
    };
    // A client without a document has nothing to say, so at the edge an empty one is never meant.
    for (const { name, text, limits, expect: expected } of documents.filter((one) => !one.limits?.allowEmpty)) {
      const open = () =>
        createEdgeFlagClient({
          source: scriptedSource({ kind: 'hangs' }),
          bootstrap: text,
          ...(limits?.maxBytes !== undefined && { maxDocumentBytes: limits.maxBytes }),
        });
      if (expected.ok) expect(open, name).not.toThrow();
      else expect(open, name).toThrow(/^bootstrap:/);
    }
  });
});
