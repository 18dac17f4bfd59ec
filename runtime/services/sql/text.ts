/** Between byte strings, as scripts have them, and what database drivers want and give. */

/** The bytes of a text, one character each. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The text of the bytes, or the bytes themselves where they are none. */
export function textOrBuffer(bytes: string): string | Buffer {
  const buffer = Buffer.from(bytes, 'latin1');
  const text = buffer.toString('utf8');
  return text.includes('\uFFFD') || text.includes('\0') ? buffer : text;
}

/** Unix time in seconds of `2024-02-29 12:34:56.789+02`, `2024-02-29` or `12:34:56` (in the year 0); undefined for anything else. */
export function unixTime(text: string): number | undefined {
  const match =
    /^(?:(\d{4,})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d):(\d\d)(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?( BC)?$/.exec(
      text,
    );
  if (match === null || (match[1] === undefined && match[4] === undefined)) return undefined;
  const [, year = '0', month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '0', zone, bc] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return date.getTime() / 1000 + Number(fraction) - offsetOf(zone);
}

function offsetOf(zone: string | undefined): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone ?? '') ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -total : total;
}
