/** Numbers as Go's fmt writes them with `%v`. */

/** From this decimal exponent on, and below -4, Go writes an exponent of at least two digits. */
const EXPONENT_FROM = 6;

/** Shortest digits that read back as the same number; `1e+06`, `+Inf`, `NaN`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  // Between these JavaScript writes no exponent either.
  if (exponent >= -4 && exponent < EXPONENT_FROM) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
