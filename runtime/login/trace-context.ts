/** The trace that a request belongs to (W3C Trace Context): it is handed on to whoever scripts ask, and named in the log. */

export interface TraceContext {
  /** As received. */
  readonly traceparent: string;
  /** What other tracing systems added, as received; '' without it. */
  readonly tracestate: string;
}

/** Section 3.2 of the recommendation; only versions after 00 may have more fields. */
const TRACEPARENT =
  /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[0-9a-zA-Z-]{1,100})?$/;
/** Section 3.3.1.5: at least so many have to be passed on; more are dropped as a whole. */
const MOST_STATE = 512;

/** The context in the headers of a request; undefined where there is none, or one that is no such thing. */
export function readTrace(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  const isState =
    typeof tracestate === 'string' && tracestate.length <= MOST_STATE && /^[\x20-\x7e]*$/.test(tracestate);
  return { traceparent, tracestate: isState ? tracestate : '' };
}

/** The headers that hand a trace on; none where there is no trace. */
export function traceHeaders(trace: TraceContext | undefined): readonly (readonly [name: string, value: string])[] {
  if (trace === undefined) return [];
  const { traceparent, tracestate } = trace;
  return tracestate === ''
    ? [['Traceparent', traceparent]]
    : [
        ['Traceparent', traceparent],
        ['Tracestate', tracestate],
      ];
}
