import type { Mistake } from './mistake.ts';

/** What number to write. */
export function numberAdvice({ value, finding }: Mistake): string {
  const isPercentage = finding.allowed.endsWith('to 100');
  const digits = typeof value === 'string' ? /^\s*(-?\d+(?:[.,]\d+)?)\s*%?\s*$/.exec(value)?.[1] : undefined;
  const number = typeof value === 'number' ? value : Number(digits?.replace(',', '.') ?? NaN);
  const bare = typeof value === 'number' ? '' : `, without quotes${isPercentage ? ' and %' : ''}`;
  if (number < 0 && finding.allowed !== 'a number') return `write 0 for nobody, or a number above it${bare}`;
  if (number > 100 && isPercentage) return `write 100 for everyone, or a number below it${bare}`;
  if (digits !== undefined) return `write ${number}${bare}`;
  return isPercentage ? 'write a number such as 25, without quotes' : 'write a number, without quotes';
}

/** What integer to write: a bucket, a number of buckets, or a phase. */
export function integerAdvice({ value, finding: { allowed } }: Mistake): string | undefined {
  const [, least, most = Infinity] = /^an integer from (\d+)(?: to (\d+))?$/.exec(allowed) ?? [];
  if (least === undefined) return undefined;
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  const bare = typeof value === 'number' ? '' : ', without quotes';
  if (Number.isNaN(number)) return `write a number such as ${least === '0' ? '5000' : '1'}, without quotes`;
  if (number < Number(least)) return `write ${least}, or a number above it${bare}`;
  if (number > Number(most)) return `write ${most}, or a number below it${bare}`;
  if (Number.isInteger(number)) return `write ${number}${bare}`;
  return least === '0'
    ? `write a bucket, without fractions: where there are 100000, ${number} % of them are ${Math.round(number * 1000)}`
    : `write ${Math.round(number)}${bare}`;
}

const EXAMPLE = 'write an instant with its zone, such as 2026-11-30T09:00:00Z or 2026-11-30T10:00:00+01:00';

/** What instant to write. */
export function instantAdvice({ value }: Mistake): string {
  // Unix time, by its size.
  if (typeof value === 'number' && Number.isFinite(value) && value > 1e8 && value < 1e14)
    return `write "${new Date(value < 1e11 ? value * 1000 : value).toISOString().replace('.000', '')}"`;
  if (typeof value !== 'string') return EXAMPLE;
  const [, day = '', clock = '', zone = ''] =
    /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:\d\d)?)?\s*$/i.exec(value) ?? [];
  if (day === '' || Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return EXAMPLE;
  if (new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day.slice(8)))
    return 'that month has fewer days; write its last';
  const whole = `${day}T${clock === '' ? '00:00:00' : clock}${zone === '' ? 'Z' : zone.toUpperCase()}`;
  return Number.isNaN(Date.parse(whole))
    ? EXAMPLE
    : `write "${whole}"${zone === '' ? ', or with another zone in place of Z' : ''}`;
}

/** What version to write. */
export function versionAdvice({ value }: Mistake): string {
  const [, numbers = ''] = /^v?(\d+(?:\.\d+){0,2})$/i.exec(String(value)) ?? [];
  if (numbers === '' || /(?:^|\.)0\d/.test(numbers)) return 'write three numbers with dots between, such as "17.5.0"';
  return `write "${[...numbers.split('.'), '0', '0'].slice(0, 3).join('.')}"`;
}
