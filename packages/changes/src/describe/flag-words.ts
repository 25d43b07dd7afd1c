import { toLongForm } from '@clarity/flags-core/definition';
import type { FlagDefinition, LongFlag } from '@clarity/flags-core/document';
import { quoted } from './texts.ts';

/** A flag as descriptions read it: the long form, and the words for its answers. */
export interface FlagWords {
  readonly flag: LongFlag;
  readonly isShort: boolean;
  /** `on` and `off` for the values of a boolean flag, else a variant's name; `the fallback` for null. */
  readonly word: (variant: string | null) => string;
  /** What is served when the flag is disabled, outside its schedule, and when a prerequisite fails. */
  readonly off: string;
}

export function flagWords(definition: FlagDefinition): FlagWords {
  const isShort = 'status' in definition;
  const flag = isShort ? toLongForm(definition) : definition;
  const { variants, offVariant = variants === undefined ? 'off' : null } = flag;
  const word = (variant: string | null): string => {
    if (variant === null) return 'the fallback';
    const value = variants !== undefined && Object.hasOwn(variants, variant) ? variants[variant] : undefined;
    return typeof value === 'boolean' ? (value ? 'on' : 'off') : quoted(variant);
  };
  return { flag, isShort, word, off: word(offVariant) };
}
