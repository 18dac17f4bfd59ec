/**
 * What an endpoint says about itself: parameters, bodies and answers. `openapi.ts` makes the document of it, and the tests
 * hold the server to it. Bodies are zod schemas, so that the code that reads or writes one has its type from here.
 */
import * as z from 'zod';
import type { Config } from '../config/index.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A query parameter or request header; a repeated header is one of the configured names of a field. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
  readonly schema: z.ZodType;
  readonly required?: boolean;
}

/** Schemas by media type, without parameters of the type. */
export type Bodies = Readonly<Record<string, z.ZodType>>;

export interface AnswerHeader {
  readonly description: string;
  readonly schema: z.ZodType;
  /** On every answer of this kind. */
  readonly required?: boolean;
}

/** One kind of answer; several may share a status. */
export interface AnswerKind {
  readonly description: string;
  /** Without any the body is empty. */
  readonly bodies?: Bodies;
  readonly headers?: Readonly<Record<string, AnswerHeader>>;
}

export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly bodies: Bodies };
  /** By status; `default`: any other. What every endpoint may answer is not repeated. */
  readonly answers: Readonly<Record<number, readonly AnswerKind[]>> & { readonly default?: readonly AnswerKind[] };
  /** Whose credentials; those of the API without it. */
  readonly credentials?: 'none' | 'end user' | 'bearer';
}

/** A route that only the configuration knows. */
export interface ConfiguredRoute {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
}

/** An endpoint may be another thing under another method, and configurations rename headers. */
export type Describe = (config: Config, method: Method) => Operation;

export const text = (body: z.ZodType = z.string()): Bodies => ({ 'text/plain': body });
export const json = (body: z.ZodType): Bodies => ({ 'application/json': body });

const FIELD_ERROR = z.object({ field: z.string(), message: z.string() });

/** The answer to a request that cannot be understood. */
export const REFUSED: AnswerKind = {
  description: 'The request cannot be understood.',
  bodies: json(z.union([z.object({ error: z.string() }), z.object({ errors: z.array(FIELD_ERROR) })])),
};

/** Nobody but its author knows what a script answers; for statuses beside `default`, too. */
export const WRITTEN_BY_SCRIPT: AnswerKind = { description: 'What the script answers.' };

/** Nothing is sent but the status. */
export const empty = (description: string): AnswerKind => ({ description });
