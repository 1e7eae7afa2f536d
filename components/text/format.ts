import { t } from './t.ts';

/** Figures as people read them, in the language of the catalogue. All of them are short: they stand in small grey text. */

/** `8,192` */
export const wholeNumber = (value: number): string => format({ maximumFractionDigits: 0 }, value);

/** `212`, `8.2K`, `200K`, `1.5M`: exact below a thousand. */
export const shortNumber = (value: number): string => format({ notation: 'compact', maximumFractionDigits: 1 }, value);

/** `32K`, `128K`, `200K` tokens of context: windows are made in powers of two, and so their names. */
export function windowSize(tokens: number): string {
  return tokens >= 1024 && tokens < 1_048_576 && tokens % 1024 === 0 ? `${wholeNumber(tokens / 1024)}K` : shortNumber(tokens);
}

/** `62%` of a share between 0 and 1. */
export const percent = (share: number): string => format({ style: 'percent', maximumFractionDigits: 0 }, share);

/** `1.7 MB`, from bytes. */
export function bytes(value: number): string {
  const power = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3));
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[power] ?? 'byte';
  return format(
    { style: 'unit', unit, unitDisplay: power === 0 ? 'narrow' : 'short', maximumFractionDigits: power === 0 ? 0 : 1 },
    value / 1000 ** power,
  );
}

/** `$0.50`, `$0.0004`, from millionths of a US dollar: two digits that mean something, however small. */
export function money(microUsd: number): string {
  const usd = microUsd / 1_000_000;
  const digits = usd === 0 || usd >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(usd)));
  return format(
    { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2, maximumFractionDigits: digits },
    usd,
  );
}

/** `0.3s`, `12s`, `3 min`, from milliseconds. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95)
    return format({ style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: seconds < 0.095 ? 2 : 1 }, seconds);
  if (seconds < 90) return format({ style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 0 }, seconds);
  return format({ style: 'unit', unit: 'minute', maximumFractionDigits: 0 }, seconds / 60);
}

/** `30 minutes`, `4 hours`, for a choice of whole ones. */
export function minutes(count: number): string {
  const [unit, value] = count % 60 === 0 ? (['hour', count / 60] as const) : (['minute', count] as const);
  return format({ style: 'unit', unit, unitDisplay: 'long' }, value);
}

/** Tokens a second; undefined where nothing can be said. */
export function speed(tokens: number, milliseconds: number): string | undefined {
  if (tokens < 2 || milliseconds <= 0) return undefined;
  const perSecond = (tokens * 1000) / milliseconds;
  return t('figureSpeed', { speed: format({ maximumFractionDigits: perSecond < 10 ? 1 : 0 }, perSecond) });
}

/** A moment of today as a time, an older one as a date and a time. */
export function moment(at: number, now = Date.now()): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return formatter(
    'moment',
    isToday,
    () => new Intl.DateTimeFormat(language(), isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }),
  ).format(at);
}

/** `one, two and three` */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat(language()).format(parts);
}

/** The catalogue's language and not the browser's: a sentence in English holds English figures. */
export function language(): string {
  return t('languageTag') || 'en';
}

const formatters = new Map<string, { format(value: number): string }>();

function format(options: Intl.NumberFormatOptions, value: number): string {
  return formatter('number', options, () => new Intl.NumberFormat(language(), options)).format(value);
}

/** Making an Intl formatter costs a hundred times what using it does. */
function formatter(kind: string, options: unknown, make: () => { format(value: number): string }) {
  const key = kind + JSON.stringify(options);
  const known = formatters.get(key) ?? make();
  formatters.set(key, known);
  return known;
}
