/**
 * Layouts of Go's time package: a layout is the reference time (Mon Jan 2 15:04:05 2006 -0700) written the way times
 * shall look. A layout is cut into elements once and kept.
 */

/** The elements that are a fixed text in the layout. */
export type FieldName =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | 'Z0700'
  | 'Z070000'
  | 'Z07'
  | 'Z07:00'
  | 'Z07:00:00'
  | '-0700'
  | '-070000'
  | '-07'
  | '-07:00'
  | '-07:00:00';

export type LayoutElement =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly text: FieldName }
  /** `.000` or `.999`: a separator and the number of digits; nines drop trailing zeros. */
  | { readonly kind: 'fraction'; readonly text: string; readonly digits: number; readonly trims: boolean };

/** Candidates by their first character, longest first. */
const FIELDS: Readonly<Record<string, readonly FieldName[]>> = {
  J: ['January', 'Jan'],
  M: ['Monday', 'Mon', 'MST'],
  '0': ['002', '01', '02', '03', '04', '05', '06'],
  '1': ['15', '1'],
  '2': ['2006', '2'],
  _: ['__2', '_2'],
  '3': ['3'],
  '4': ['4'],
  '5': ['5'],
  P: ['PM'],
  p: ['pm'],
  '-': ['-07:00:00', '-070000', '-07:00', '-0700', '-07'],
  Z: ['Z07:00:00', 'Z070000', 'Z07:00', 'Z0700', 'Z07'],
};

const LAYOUTS_KEPT = 256;
const cut = new Map<string, readonly LayoutElement[]>();

/** The elements of a layout, in order; neighbouring literal characters are one element. */
export function elementsOf(layout: string): readonly LayoutElement[] {
  let elements = cut.get(layout);
  if (elements === undefined) {
    elements = cutLayout(layout);
    if (cut.size >= LAYOUTS_KEPT) cut.clear();
    cut.set(layout, elements);
  }
  return elements;
}

function cutLayout(layout: string): readonly LayoutElement[] {
  const elements: LayoutElement[] = [];
  let literalStart = 0;
  let at = 0;
  while (at < layout.length) {
    const element = elementAt(layout, at);
    if (element === undefined) {
      at += 1;
      continue;
    }
    if (at > literalStart) elements.push({ kind: 'literal', text: layout.slice(literalStart, at) });
    elements.push(element);
    at += element.text.length;
    literalStart = at;
  }
  if (at > literalStart) elements.push({ kind: 'literal', text: layout.slice(literalStart) });
  return elements;
}

function elementAt(layout: string, at: number): LayoutElement | undefined {
  const first = layout[at]!;
  if (first === '.' || first === ',') return fractionAt(layout, at);
  // `_2006` is an underscore before a year.
  if (first === '_' && layout.startsWith('_2006', at)) return undefined;
  const field = FIELDS[first]?.find((name) => layout.startsWith(name, at) && !continuesAsWord(layout, at, name));
  return field === undefined ? undefined : { kind: 'field', text: field };
}

/** `Jan` and `Mon` are no elements inside words such as `Monkey`. */
function continuesAsWord(layout: string, at: number, name: FieldName): boolean {
  if (name !== 'Jan' && name !== 'Mon') return false;
  const next = layout[at + 3];
  return next !== undefined && next >= 'a' && next <= 'z';
}

function fractionAt(layout: string, at: number): LayoutElement | undefined {
  const digit = layout[at + 1];
  if (digit !== '0' && digit !== '9') return undefined;
  let end = at + 1;
  while (layout[end] === digit) end += 1;
  if (isDigit(layout, end)) return undefined;
  return { kind: 'fraction', text: layout.slice(at, end), digits: end - at - 1, trims: digit === '9' };
}

export function isDigit(text: string, at: number): boolean {
  const character = text[at];
  return character !== undefined && character >= '0' && character <= '9';
}
