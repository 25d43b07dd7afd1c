import type { Verb } from './verb.ts';
import { auditVerb } from './verbs/audit.ts';
import { applyVerb, archiveVerb, disableVerb, enableVerb, rolloutVerb } from './verbs/change-verbs.ts';
import { diffVerb } from './verbs/diff.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { evalVerb } from './verbs/eval.ts';
import { historyVerb } from './verbs/history.ts';
import { initVerb } from './verbs/init.ts';
import { publishVerb } from './verbs/publish.ts';
import { restoreVerb } from './verbs/restore.ts';
import { rollbackVerb } from './verbs/rollback.ts';
import { setupVerb } from './verbs/setup.ts';
import { showVerb } from './verbs/show.ts';
import { validateVerb } from './verbs/validate.ts';
import { watchVerb } from './verbs/watch.ts';

/** Every verb, in the order of the help. A new one is a file in `verbs` and a line here. */
export const VERBS: readonly Verb[] = [
  initVerb,
  setupVerb,
  validateVerb,
  showVerb,
  diffVerb,
  enableVerb,
  disableVerb,
  rolloutVerb,
  archiveVerb,
  applyVerb,
  publishVerb,
  restoreVerb,
  historyVerb,
  rollbackVerb,
  auditVerb,
  evalVerb,
  watchVerb,
  doctorVerb,
];
