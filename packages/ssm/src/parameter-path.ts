/**
 * Where the flags are: a path, or the ARN of one that another account shares. Refused before AWS is asked is what AWS
 * would refuse.
 */
import { describeOption } from '@clarity/flags-core/adapter-kit';

export type SsmLayout = 'single' | 'chunked' | 'per-flag';

/** What is done with the path: AWS takes an ARN only where it gives a parameter by its name. */
export interface PathUse {
  readonly layout: SsmLayout;
  readonly writes: boolean;
}

/** Levels that AWS takes, less those that the layout adds below the path. */
const MOST_LEVELS: Readonly<Record<SsmLayout, number>> = { single: 15, 'per-flag': 14, chunked: 13 };
/** AWS counts what stands before the name in its ARN, and the layout adds the names of chunks. */
const LONGEST = 900;
const PATH = /^(?:\/[\w.-]+)+$/;
const NAME = /^[\w.-]+$/;
/** Such as `arn:aws:ssm:eu-central-1:123456789012:parameter/shop/flags`. */
const ARN = /^arn:aws[\w-]*:ssm:[a-z0-9-]+:\d{12}:parameter((?:\/[\w.-]+)+)$/;

/** @throws TypeError unless AWS takes it */
export function resolvePath(path: string, { layout, writes }: PathUse): string {
  if (typeof path !== 'string') throw refused(describeOption(path), allowedFor(layout));
  const shown = JSON.stringify(path.slice(0, 100));
  if (path.startsWith('arn:')) {
    const name = ARN.exec(path)?.[1];
    if (name === undefined) {
      throw refused(shown, 'an ARN such as "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/flags"');
    }
    if (writes)
      throw refused(`the ARN ${shown}`, 'a path of the account of the credentials, since AWS writes by path only');
    if (layout === 'per-flag') {
      throw refused(`the ARN ${shown}`, 'a path, since AWS lists parameters by path only, or another layout');
    }
    checkName(name, shown, layout);
    return path;
  }
  if (!PATH.test(path) && !(layout === 'single' && NAME.test(path))) throw refused(shown, allowedFor(layout));
  checkName(path, shown, layout);
  if (writes && /^\/?(?:aws|ssm)/i.test(path)) {
    throw refused(shown, 'a name that does not begin with "aws" or "ssm": those belong to AWS');
  }
  return path;
}

/** The part of a name before its selector: an ARN has colons of its own. */
function checkName(name: string, shown: string, layout: SsmLayout): void {
  const levels = name.split('/').length - 1;
  if (levels > MOST_LEVELS[layout] || name.length > LONGEST) throw refused(shown, allowedFor(layout));
}

function allowedFor(layout: SsmLayout): string {
  const alone = layout === 'single' ? ', or a name without slashes' : '';
  return `a path such as "/shop/flags" of letters, digits, "_", "." and "-", up to ${MOST_LEVELS[layout]} levels and ${LONGEST} characters${alone}`;
}

function refused(found: string, allowed: string): TypeError {
  return new TypeError(`path is ${found}; allowed is ${allowed}`);
}
