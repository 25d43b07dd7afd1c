import type { DoubtLine, DoubtLog } from '../../evaluation/told-doubts.ts';
import type { LogEntry } from '../../refresh/protocol.ts';
import type { Isolation } from './isolation.ts';
import { isLogged } from './logger.ts';

/**
 * Doubts as lines of a client's log. A key that no flag has is a slip where a program is `inDevelopment`; later it is a
 * flag that was removed, or a question from outside.
 */
export function doubtLog(isolation: Isolation, inDevelopment: boolean): DoubtLog {
  const levelOf = (about: DoubtLine['about']): LogEntry['level'] =>
    about === 'flag' && !inDevelopment ? 'info' : 'warn';
  let level = isolation.level;
  const look = (): Record<DoubtLine['about'], boolean> => ({
    flag: isLogged(levelOf('flag'), level),
    context: isLogged(levelOf('context'), level),
  });
  let wanted = look();
  return {
    wants: (about) => {
      // Asked with each question about a key that no flag has.
      if (level !== isolation.level) {
        level = isolation.level;
        wanted = look();
      }
      return wanted[about];
    },
    say: ({ about, message, fields }) => isolation.log({ level: levelOf(about), message, fields }),
  };
}
