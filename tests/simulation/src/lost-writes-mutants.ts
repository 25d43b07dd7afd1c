import { edit, type Mutant } from './mutant.ts';

const BOUND = 'a change arrives within the stated bound';
const LEFT_BRANCH = 'what is served never goes back to a branch that its store left';
const STANDS_ON = 'what is served never goes back to what it stands on';
const NOT_LOST = 'nothing is told to be lost that is there';
const UNTOLD = 'what was served and is lost is told';

/** Mistakes in how publications are ordered and in what is told of lost ones (F90). */
export const LOST_WRITES_MUTANTS: readonly Mutant[] = [
  {
    name: 'a publication keeps the epoch that is held',
    edits: [
      edit(
        'adapter-kit/epoch-rule.ts',
        'return { epoch: Math.max(clockMs, ...above), poisoned: heldEpoch > latest };',
        'return { epoch: heldEpoch > 0 && heldEpoch <= latest ? heldEpoch : Math.max(clockMs, ...above), poisoned: heldEpoch > latest };',
      ),
    ],
    caughtBy: [BOUND],
  },
  {
    name: 'the clock alone gives the epoch, also when it is behind what is held',
    edits: [edit('adapter-kit/epoch-rule.ts', '[heldEpoch, floorEpoch].filter', '[floorEpoch].filter')],
    caughtBy: [BOUND, LEFT_BRANCH, STANDS_ON],
  },
  {
    name: 'a publisher forgets what it was told',
    edits: [edit('adapter-kit/epoch-rule.ts', '[heldEpoch, floorEpoch].filter', '[heldEpoch].filter')],
    caughtBy: [BOUND, LEFT_BRANCH],
  },
  {
    name: 'a store’s clock that is days ahead is believed',
    edits: [
      edit('adapter-kit/epoch-rule.ts', 'storeMs > wallMs + MOST_TRUSTED_AHEAD_MS ? wallMs : storeMs', 'storeMs'),
    ],
    caughtBy: [BOUND],
  },
  {
    name: 'what was published later by the clock is adopted, of any revision',
    edits: [
      edit(
        'refresh/adopt.ts',
        "compareRevisions(reading.revision, lineage) === 'older'",
        "compareRevisions(reading.revision, lineage) === 'older' && !((reading.publishedAtMs ?? 0) > (served?.publishedAtMs ?? Number.POSITIVE_INFINITY))",
      ),
    ],
    caughtBy: ['the served revision never goes back', STANDS_ON, LEFT_BRANCH],
  },
  {
    name: 'what an old publisher left behind is believed',
    edits: [edit('../../redis-protocol/src/meta.ts', "member('id') === id ? member(name) : undefined", 'member(name)')],
    caughtBy: [NOT_LOST],
  },
  {
    name: 'of what a document stands on only the publication before it is known',
    edits: [
      edit(
        '../../redis-protocol/src/meta.ts',
        'for (const text of recent) {',
        'for (const text of recent.slice(0, 1)) {',
      ),
    ],
    caughtBy: [UNTOLD],
  },
  {
    name: 'nothing is ever told to be lost',
    edits: [edit('refresh/lost-writes.ts', '? undefined : before;', '? undefined : undefined;')],
    caughtBy: [UNTOLD],
  },
  {
    name: 'what is older than all that is known is told to be lost',
    edits: [edit('refresh/lost-writes.ts', "|| compareRevisions(before, oldest) !== 'newer'", '')],
    caughtBy: [NOT_LOST],
  },
  {
    name: 'what a source gives again is told to be lost',
    edits: [edit('refresh/lost-writes.ts', "compareRevisions(before, revision) === 'same' ||", '')],
    caughtBy: [NOT_LOST],
  },
  {
    name: 'what another source gave is told to be lost',
    edits: [
      edit('refresh/adopt.ts', 'lostBefore(state.lineages[source], reading)', 'lostBefore(served?.revision, reading)'),
      edit(
        'refresh/adopt.ts',
        'const { state, now, commands } = turn;',
        'const { state, now, commands } = turn;\n  const { served } = state;',
      ),
    ],
    caughtBy: [NOT_LOST, UNTOLD],
  },
  {
    name: 'a loss is announced twice',
    edits: [
      edit(
        'refresh/announcements.ts',
        "commands.push({ kind: 'announce', announcement: { kind: 'lost-writes', lostWrites } });",
        "for (let i = 0; i < 2; i++) commands.push({ kind: 'announce', announcement: { kind: 'lost-writes', lostWrites } });",
      ),
    ],
    caughtBy: ['a loss is told once'],
  },
  {
    name: 'a store that went back makes a client ask what it never asks',
    edits: [
      edit(
        'refresh/adopt.ts',
        "if (reading.kind === 'document') {\n      setRejection(turn, source, undefined);",
        'if (reading.kind !== undefined) {\n      setRejection(turn, source, undefined);',
      ),
    ],
    caughtBy: ['a rejected document is not downloaded again until it changes'],
  },
  {
    name: 'a clock that was set back refuses every publication',
    edits: [
      edit(
        'refresh/adopt.ts',
        'Math.max(wallMs, adoptedMs)',
        'adoptedMs > wallMs && adoptedMs === (revision as { epoch?: number }).epoch ? adoptedMs : wallMs',
      ),
    ],
    caughtBy: [BOUND],
  },
];
