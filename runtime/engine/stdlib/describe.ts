/** The standard library as data: what analysis, argument stubs and reference pages know of it. */
import type { HostColour, HostFunction, HostParameter, HostResult } from '../../contract/host.ts';

/**
 * A library function from its signature, e.g. `sub(s: string, i: integer, j?: integer): string`. `name?` is optional,
 * `...` variadic; several results are separated by commas. Throws a JS Error for a signature it cannot read.
 */
export function describe(colour: HostColour, signature: string, doc: string): HostFunction {
  const match = /^(\w+)\((.*)\)(?:: (.*))?$/.exec(signature);
  if (match === null) throw new Error(`unreadable signature: ${signature}`);
  const [, name = '', params = '', returns = ''] = match;
  return { name, colour, params: splitList(params).map(parameter), returns: splitList(returns).map(result), doc };
}

function splitList(text: string): string[] {
  return text === '' ? [] : text.split(', ');
}

function parameter(text: string): HostParameter {
  const [name = '', type = 'any'] = text.split(': ');
  return { name: name.replace('?', ''), type, optional: name.endsWith('?'), variadic: name === '...' };
}

function result(text: string): HostResult {
  return { name: '', type: text };
}
