import { inBackground } from './in-background.ts';
import type { Command } from './command.ts';
import { CLOSED } from './refresh-result.ts';
import type { DecisionEvent } from './event.ts';
import { type Decide, makeDecide } from './make-decide.ts';
import { signals } from './signals.ts';

const decideWhileOpen = makeDecide({ background: inBackground, signals });

/** The whole behaviour of a client with a background, that anybody may listen to. Once it is closed nothing changes it any more. */
export const decide: Decide = (state, event, now) =>
  state.phase === 'closed' ? [state, answerClosed(event)] : decideWhileOpen(state, event, now);

function answerClosed(event: DecisionEvent): readonly Command[] {
  return event.kind === 'refresh-asked' ? [{ kind: 'answer', requests: [event.request], result: CLOSED }] : [];
}
