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

const INT64_END = 2 ** 63;

/** Numbers of the reference as text: whole ones plain, all others as with `%v`. */
export function numberText(value: number): string {
  const isWhole = Number.isInteger(value) && Math.abs(value) < INT64_END;
  return isWhole ? BigInt(value).toString() : formatFloat(value);
}

/** Truncated to 64 bits; what does not fit becomes the smallest one, as on amd64. */
export function toInt64(value: number): bigint {
  const fits = value < INT64_END && value >= -INT64_END;
  return fits ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}
