import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { same } from '../../src/diff/same.ts';
import { apply, type Instruction, instructionsBetween } from '../../src/index.ts';
import { editText } from '../../src/text.ts';
import { drawnDocument, meaningOf, randomInstruction } from '../instructions/random-change.ts';

const LAYOUTS = [undefined, 2, 4, '\t'] as const;

function textOf({ setAside: _, ...document }: FlagDocument, layout: (typeof LAYOUTS)[number]): string {
  return JSON.stringify(document, null, layout);
}

describe('texts that are edited, drawn', () => {
  it('say what the change says, in the layout that they have, and come back to the byte', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const counts = { edits: 0, back: 0 };
    while (counts.edits < sized(100, 50_000)) {
      const [document, donor] = [drawnDocument(random), drawnDocument(random)];
      for (let draw = 0; draw < 10; draw++) {
        const layout = random.pick(LAYOUTS);
        const text = textOf(document, layout);
        let after = document;
        const instructions: Instruction[] = [];
        for (let steps = 1 + random.integer(3); steps > 0; steps--) {
          const step = randomInstruction(random, after, donor);
          const applied = apply(after, { instructions: [step] });
          if (!applied.ok) continue;
          after = applied.document;
          instructions.push(step);
        }
        const edited = editText(text, { instructions });
        const told = (more?: unknown): string =>
          JSON.stringify({ SEED: seed, ...counts, text, instructions, edited, more });
        counts.edits++;
        if (!edited.ok) throw new Error(told());
        const decoded = decodeDocument(edited.text);
        if (!decoded.ok || !same(meaningOf(decoded.document), meaningOf(after))) throw new Error(told());
        // A text that JSON.stringify wrote still looks as if it had.
        const parsed: unknown = JSON.parse(edited.text);
        if (edited.text !== JSON.stringify(parsed, null, layout)) throw new Error(told());

        const back = editText(edited.text, { instructions: instructionsBetween(after, document) });
        if (!back.ok || !same(meaningOf(back.document), meaningOf(document))) throw new Error(told(back));
        // What was removed comes back as the last one, and a table stays as an empty one.
        if (JSON.stringify(JSON.parse(back.text)) !== JSON.stringify(JSON.parse(text))) continue;
        counts.back++;
        if (back.text !== text) throw new Error(told(back));
      }
    }
    expect(counts.back / counts.edits, JSON.stringify({ SEED: seed, ...counts })).toBeGreaterThan(0.7);
  });

  it('change nothing around the flag that changes, however they are laid out', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let edits = 0; edits < sized(150, 50_000);) {
      const [document, donor] = [drawnDocument(random), drawnDocument(random)];
      for (let draw = 0; draw < 10; draw++) {
        const step = randomInstruction(random, document, donor);
        if (!('flag' in step) || step.kind === 'create' || step.kind === 'remove') continue;
        const { text, spans } = scattered(random, document);
        const edited = editText(text, { instructions: [step] });
        if (!edited.ok) continue;
        edits++;
        const told = (): string => JSON.stringify({ SEED: seed, edits, text, step, edited });
        const [start, end] = spans.get(step.flag)!;
        if (!edited.text.startsWith(text.slice(0, start)) || !edited.text.endsWith(text.slice(end))) {
          throw new Error(told());
        }
        const decoded = decodeDocument(edited.text);
        if (!decoded.ok || !same(meaningOf(decoded.document), meaningOf(edited.document))) throw new Error(told());
        expect(decoded.ok).toBe(true);
      }
    }
  });
});

/** A text with white space wherever JSON takes it, and where each flag stands in it. */
function scattered(random: Random, { setAside: _, ...document }: FlagDocument) {
  const spans = new Map<string, readonly [start: number, end: number]>();
  let text = '';
  const space = (): void => {
    text += random.pick(['', '', ' ', ' ', '\n', '\r\n\t', '   ']);
  };
  const write = (value: unknown, depth: number, parent: string): void => {
    if (typeof value !== 'object' || value === null) {
      text += JSON.stringify(value);
      return;
    }
    text += Array.isArray(value) ? '[' : '{';
    for (const [index, [name, member]] of Object.entries(value).entries()) {
      if (index > 0) text += ',';
      space();
      if (!Array.isArray(value)) {
        text += JSON.stringify(name);
        space();
        text += ':';
        space();
      }
      const start = text.length;
      write(member, depth + 1, name);
      if (depth === 1 && parent === 'flags') spans.set(name, [start, text.length]);
      space();
    }
    text += Array.isArray(value) ? ']' : '}';
  };
  write(document, 0, '');
  return { text, spans };
}
